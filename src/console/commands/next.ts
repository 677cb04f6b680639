import { answer, type Command } from "../command";

export const next: Command = {
  name: "next",
  usage: "",
  summary: "plays the next piece",
  details: [],
  most: 0,
  run: (_args, device) => answer(device.music.skip(1, device.now())),
};
