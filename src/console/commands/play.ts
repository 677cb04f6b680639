import { answer, type Command } from "../command";

export const play: Command = {
  name: "play",
  usage: "[PIECE]",
  summary: "plays music, or goes on where it was paused",
  details: ["With the name of a piece it is played from the beginning."],
  most: 1,
  run: (args, device) => answer(device.music.play(args[0], device.now())),
};
