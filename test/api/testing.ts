// The subset of vitest's API that our tests use, for the real engine. Tests are synchronous.
// In: groups and tests as modules declare them. Out: a line for each failure, then `N passed, N failed`.

interface Test {
  readonly name: string;
  readonly body: () => void;
}

export interface Matchers {
  /** The same value, by Object.is. */
  toBe(expected: unknown): void;
  /** The same content; a missing key equals an undefined one. */
  toEqual(expected: unknown): void;
  /** A text that holds the expected part, or an array that holds the expected value. */
  toContain(expected: unknown): void;
  /** A function that throws; with a text, its message must hold it. */
  toThrow(message?: string): void;
}

const tests: Test[] = [];
const groups: string[] = [];

export function describe(name: string, body: () => void): void {
  groups.push(name);
  body();
  groups.pop();
}

export function it(name: string, body: () => void): void {
  tests.push({ name: [...groups, name].join(" > "), body });
}

/** Runs what was declared and forgets it; returns the number of failures. */
export function run(print: (line: string) => void): number {
  let failed = 0;
  for (const { name, body } of tests) {
    try {
      body();
    } catch (error) {
      failed++;
      print(`FAIL ${name}`);
      print(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
  print(`${tests.length - failed} passed, ${failed} failed`);
  tests.length = 0;
  return failed;
}

export function expect(actual: unknown): Matchers {
  return {
    toBe: (expected) => check(Object.is(actual, expected), actual, "to be", expected),
    toEqual: (expected) => check(equal(actual, expected), actual, "to equal", expected),
    toContain: (expected) => check(contains(actual, expected), actual, "to contain", expected),
    toThrow: (message) => checkThrows(actual, message),
  };
}

function check(holds: boolean, actual: unknown, relation: string, expected: unknown): void {
  if (!holds) throw new Error(`expected ${show(actual)} ${relation} ${show(expected)}`);
}

function checkThrows(actual: unknown, part: string | undefined): void {
  let message: string | undefined;
  try {
    (actual as () => void)();
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
  }
  if (message === undefined) throw new Error("expected the function to throw");
  if (part !== undefined) check(message.includes(part), message, "to contain", part);
}

function contains(actual: unknown, expected: unknown): boolean {
  return typeof actual === "string" ? actual.includes(expected as string) : (actual as unknown[]).includes(expected);
}

function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  return [...Object.keys(left), ...Object.keys(right)].every((key) => equal(left[key], right[key]));
}

function show(value: unknown): string {
  return typeof value === "function" ? "a function" : (JSON.stringify(value) ?? String(value));
}
