import { type Command, ConsoleError, onOff } from "../command";

export const listen: Command = {
  name: "listen",
  usage: "[on|off]",
  summary: "presses the button: listens for one utterance",
  details: ["listen on listens to every utterance until listen off."],
  most: 1,
  run(args, device) {
    const { recognizer } = device;
    const on = args[0] === undefined || onOff(args[0]);
    if (on && device.settings.values.mute) {
      throw new ConsoleError("muted", "the microphone is muted; mute off first");
    }
    if (args[0] !== undefined) recognizer.listen(on ? "on" : "off");
    else if (recognizer.mode === "off") recognizer.listen("once");
    return { lines: [`listening: ${recognizer.mode}`], data: { listening: recognizer.mode } };
  },
};
