import { once } from "./once";

once(function hoard() {
  const kept: ArrayBuffer[] = [];
  for (;;) kept.push(new ArrayBuffer(4000));
});
