import { answer, type Command } from "../command";

export const previous: Command = {
  name: "previous",
  usage: "",
  summary: "plays the piece before, or after three seconds this one again",
  details: [],
  most: 0,
  run: (_args, device) => answer(device.music.skip(-1, device.now())),
};
