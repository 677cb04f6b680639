// The part of ECMA-419 storage that the firmware uses.

declare module "embedded:storage/key-value" {
  export interface KeyValueStore {
    /** undefined when the key has no value. */
    read(key: string): string | undefined;
    write(key: string, value: string): void;
    delete(key: string): void;
  }
  const keyValue: {
    open(options: { path: string; format: "string" }): KeyValueStore;
  };
  export default keyValue;
}
