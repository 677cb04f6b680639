import { answer, type Command } from "../command";

export const stop: Command = {
  name: "stop",
  usage: "",
  summary: "ends what rings, else stops the music",
  details: [],
  most: 0,
  run: (_args, device) => answer(device.stop(device.now())),
};
