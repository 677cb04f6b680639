import { applyVolumeOrder } from "../../player/volume";
import { answer, type Command, ConsoleError, shown } from "../command";

export const volume: Command = {
  name: "volume",
  usage: "[N|+N|-N]",
  summary: "shows or changes the volume, 0 to 100",
  details: [
    "volume 40 sets it, volume +10 and volume -10 change it and stop at 0 and 100.",
    "It is kept over a restart. Music that is quiet because somebody speaks comes back at the new volume.",
  ],
  most: 1,
  run(args, device) {
    const order = args[0];
    if (order !== undefined) {
      const wanted = applyVolumeOrder(order, device.settings.values.volume);
      if (wanted === undefined) {
        throw new ConsoleError("bad-argument", `expected 0 to 100, +N or -N, found ${shown(order)}`);
      }
      answer(device.music.setVolume(wanted, device.now()));
    }
    const present = device.settings.values.volume;
    return { lines: [`volume: ${present}`], data: { volume: present } };
  },
};
