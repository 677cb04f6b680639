import { once } from "./once";

once(function names() {
  for (let i = 0; ; i++) {
    const item: Record<string, number> = {};
    item[`name-${i}`] = i;
  }
});
