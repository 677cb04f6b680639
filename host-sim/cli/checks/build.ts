// The build scripts as typed functions: they are plain modules outside this bundle.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

interface Build {
  buildHost(options: { log: (line: string) => void }): Promise<string>;
  buildTests(options: { log: (line: string) => void }): Promise<string>;
  testModules(): string[];
  buildUnderstand(options: { log: (line: string) => void }): Promise<string>;
}

type Library = (options: {
  log: (line: string) => void;
  sanitize: boolean;
}) => Promise<{ folder: string; include: string[] }>;
type Libraries = Record<"opus" | "speexdsp" | "littlefs", Library>;

interface Packages {
  /** Whether the sources of a package are cached or can be fetched. */
  obtainable(key: string): boolean;
}

interface Board {
  /** Fails with one sentence where a package is missing. */
  buildBoard(options: { log: (line: string) => void }): Promise<{ folder: string; image: string; elf: string }>;
  readonly qemuCpu: readonly string[];
}

const load = (root: string, file: string): Promise<unknown> =>
  import(pathToFileURL(join(root, "host-sim", "build", file)).href);

export const buildScripts = async (root: string): Promise<Build> =>
  ({
    ...((await load(root, "build.mjs")) as object),
    ...((await load(root, "understand.mjs")) as object),
  }) as Build;
export const buildLibraries = async (root: string): Promise<Libraries> =>
  (await load(root, "libraries.mjs")) as Libraries;
export const buildPackages = async (root: string): Promise<Packages> => (await load(root, "packages.mjs")) as Packages;

export async function boardScripts(root: string): Promise<Board> {
  const { buildBoard } = (await load(root, "board.mjs")) as Pick<Board, "buildBoard">;
  const { QEMU_CPU } = (await load(root, "qemu.mjs")) as { QEMU_CPU: readonly string[] };
  return { buildBoard, qemuCpu: QEMU_CPU };
}
