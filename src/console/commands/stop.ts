import { answer, type Command } from "../command";

export const stop: Command = {
  name: "stop",
  usage: "",
  summary: "stops the music",
  details: [],
  most: 0,
  run: (_args, device) => answer(device.music.stop(device.now())),
};
