// Composition root: the only place where the parts meet the drivers.

import { every, soon } from "platform/timers";
import { Device } from "./device";
import { SimulatedHome } from "./home/simulated-home";
import {
  calendarDriver,
  clock,
  consolePort,
  musicDriver,
  output,
  promptDriver,
  recognizerDriver,
  reports,
  restart,
  understandingDriver,
} from "./io/engine";
import { openStorage } from "./io/storage";
import { SimulatedCoffeeMachine } from "./skills/coffee";
import { SimulatedPhone } from "./skills/phone";
import { Understanding } from "./understanding/understanding";

const device = new Device({
  clock,
  recognizer: recognizerDriver,
  music: musicDriver,
  prompts: promptDriver,
  calendar: calendarDriver,
  reports,
  output,
  console: consolePort,
  timers: { every, soon },
  store: openStorage(),
  restart,
  understander: (names) => new Understanding(understandingDriver, names),
  // Simulated until something real is connected; `home` and the reply of `say` name the driver.
  skills: {
    home: new SimulatedHome(),
    phone: new SimulatedPhone(),
    coffee: new SimulatedCoffeeMachine(),
    information: undefined,
  },
});

device.start();
