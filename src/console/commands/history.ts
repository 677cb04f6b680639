import { samplesToMs } from "../../base/time";
import { badArgument, type Command, count } from "../command";

export const history: Command = {
  name: "history",
  usage: "[N|erase|on|off]",
  summary: "lists the last requests and what became of them, or forgets them",
  details: [
    "In memory only: a restart forgets it too. history off keeps nothing from then on; the setting stays.",
    "erase also forgets what hyp, asr, lattice and trace show.",
  ],
  most: 1,
  run(args, device) {
    const [order] = args;
    if (order === "on" || order === "off") device.setSetting("history", order);
    else if (order === "erase") device.forgetHistory();
    else if (order !== undefined && Number.isNaN(Number(order))) throw badArgument("a number, erase, on or off", order);
    const wanted =
      order !== undefined && !Number.isNaN(Number(order)) ? count(order, device.history.capacity) : undefined;
    const rows = device.history.last(wanted);
    const lines = rows.map(({ utterance, t, text, intent, skill, action, result }) => {
      const what = action === "" ? result : `${skill} ${action}, ${result}`;
      return `${utterance === 0 ? "typed" : utterance} ${samplesToMs(t)} ms: ${text}: ${intent}: ${what}`;
    });
    return { lines, data: { on: device.settings.values.history, requests: rows } };
  },
};
