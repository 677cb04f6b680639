import { once } from "./once";

function broken(): void {
  throw new RangeError("out of tune");
}

once(() => broken());
