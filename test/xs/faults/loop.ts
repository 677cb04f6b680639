import { once } from "./once";

once(function endless() {
  for (;;);
});
