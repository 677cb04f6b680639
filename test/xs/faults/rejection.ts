import { once } from "./once";

async function broken(): Promise<void> {
  await Promise.resolve();
  throw new TypeError("nobody waits for this");
}

once(() => {
  void broken();
});
