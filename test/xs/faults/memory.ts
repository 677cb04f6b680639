import { once } from "./once";

once(function greedy() {
  const kept: object[] = [];
  for (;;) kept.push({ more: kept });
});
