// Settings that survive a restart, by ECMA-419 key-value storage. Names stay under 16 letters: the limit of ESP32 flash.

import keyValue from "embedded:storage/key-value";
import type { Store } from "../settings/store";

export function openStorage(): Store {
  const store = keyValue.open({ path: "earshot", format: "string" });
  return {
    read: (key) => {
      const value: unknown = store.read(key); // the SDK's typings allow other formats than the one opened
      return typeof value === "string" ? value : undefined;
    },
    write: (key, value) => store.write(key, value),
    delete: (key) => store.delete(key),
  };
}
