// Composition root: the only place where the parts meet the drivers.

import { every } from "platform/timers";
import { Device } from "./device";
import { clock, consolePort, musicDriver, output, recognizerDriver, reports } from "./io/engine";
import { openStorage } from "./io/storage";

const device = new Device({
  clock,
  recognizer: recognizerDriver,
  music: musicDriver,
  reports,
  output,
  console: consolePort,
  timers: { every },
  store: openStorage(),
});

device.start();
