// Key-value storage for the SDK's builds on Linux, where it has none: kept in memory, gone at the end.

export default {
  open(_options: { path: string; format: "string" }) {
    const values = new Map<string, string>();
    return {
      read: (key: string): string | undefined => values.get(key),
      write: (key: string, value: string): void => {
        values.set(key, value);
      },
      delete: (key: string): void => {
        values.delete(key);
      },
    };
  },
};
