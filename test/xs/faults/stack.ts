import { once } from "./once";

function deeper(n: number): number {
  return deeper(n + 1) + 1;
}

once(() => {
  deeper(0);
});
