import { type Command, ConsoleError, shown } from "../command";

const COLUMN = 12;

export const help: Command = {
  name: "help",
  usage: "[COMMAND]",
  summary: "lists the commands, or explains one",
  details: [],
  most: 1,
  run(args, _device, commands) {
    const name = args[0];
    if (name === undefined) {
      return {
        lines: commands.map((command) => `${command.name.padEnd(COLUMN)}${command.summary}`),
        data: { commands: commands.map(({ name, usage, summary }) => ({ name, usage, summary })) },
      };
    }
    const command = commands.find((candidate) => candidate.name === name.toLowerCase());
    if (command === undefined) throw new ConsoleError("unknown", `there is no command ${shown(name)}; help lists them`);
    const { usage, summary, details } = command;
    return {
      lines: [heading(command), summary, ...details],
      data: { topic: command.name, usage, summary, details },
    };
  },
};

function heading(command: Command): string {
  return command.usage === "" ? command.name : `${command.name} ${command.usage}`;
}
