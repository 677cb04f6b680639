import { type Command, ConsoleError, MANY } from "../command";

export const lists: Command = {
  name: "lists",
  usage: "[NAME|erase]",
  summary: "shows the lists, or what is on one",
  details: ["They are filled by words: say add milk to my shopping list"],
  most: MANY,
  run(args, device) {
    const name = args.join(" ").toLowerCase();
    if (name === "erase") {
      device.lists.erase();
      return { lines: [], data: { lists: [] } };
    }
    if (name === "") {
      const rows = device.lists.names.map((list) => ({ name: list, items: device.lists.read(list).length }));
      return { lines: rows.map((row) => `${row.name}: ${row.items}`), data: { lists: rows } };
    }
    if (!device.lists.names.includes(name)) throw new ConsoleError("nothing", "there is no such list");
    const items = device.lists.read(name);
    return { lines: items, data: { name, items } };
  },
};
