import { answer, type Command } from "../command";

export const pause: Command = {
  name: "pause",
  usage: "",
  summary: "pauses the music; play goes on",
  details: [],
  most: 0,
  run: (_args, device) => answer(device.music.pause(device.now())),
};
