import { answer, badArgument, type Command } from "../command";

const LONGEST_S = 36_000;

export const seek: Command = {
  name: "seek",
  usage: "SECONDS",
  summary: "goes to a place in the piece that plays",
  details: [],
  most: 1,
  run(args, device) {
    const seconds = Number(args[0] ?? Number.NaN);
    if (!(seconds >= 0 && seconds <= LONGEST_S)) throw badArgument(`seconds from 0 to ${LONGEST_S}`, args[0] ?? "");
    return answer(device.music.seek(seconds * 1000, device.now()));
  },
};
