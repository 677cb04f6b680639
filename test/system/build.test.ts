// The build scripts: what they read, and the sentences of what can go wrong.

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { ROOT } from "./firmware";

interface Manifest {
  readonly modules: readonly { name: string; source: string }[];
  readonly sources: readonly string[];
  readonly natives: readonly string[];
  readonly creation: Record<string, unknown>;
}

// Plain modules without declarations of types.
const load = async <T>(file: string) => (await import(pathToFileURL(join(ROOT, "host-sim/build", file)).href)) as T;
const { readTar } = await load<{ readTar(tgz: Buffer): { path: string; data: Buffer }[] }>("tar.mjs");
const { readManifest } = await load<{
  readManifest(root: string, platform: string, files?: string[]): Manifest;
}>("manifest.mjs");
const { tables, definesHeader } = await load<{
  tables(manifest: Manifest): string;
  definesHeader(defines: unknown): string;
}>("generate.mjs");

const folder = mkdtempSync(join(tmpdir(), "earshot build ")); // with a space
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function project(name: string, manifest: unknown, files: Record<string, string>): string {
  const root = join(folder, name);
  for (const [path, text] of Object.entries({ ...files, "manifest.json": JSON.stringify(manifest) })) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function tarEntry(path: string, data: string, type = "0"): Buffer {
  const head = Buffer.alloc(512);
  head.write(path, 0);
  head.write(data.length.toString(8).padStart(11, "0"), 124);
  head.write(type, 156);
  return Buffer.concat([head, Buffer.from(data.padEnd(Math.ceil(data.length / 512) * 512, "\0"))]);
}

describe("a package's archive", () => {
  const archive = (...entries: Buffer[]) => gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]));

  it("gives its files, long paths too, and skips the rest", () => {
    const long = `package/${"deep/".repeat(30)}file.c`;
    const record = `path=${long}\n`;
    const length = record.length + 1 + String(record.length + 4).length;
    const files = readTar(
      archive(
        tarEntry("package/a.c", "int a;"),
        tarEntry("pax", `${length} ${record}`, "x"),
        tarEntry("short", "int b;"),
        tarEntry("link", "", "2"),
      ),
    );
    expect(files.map(({ path }) => path)).toEqual(["package/a.c", long]);
    expect(files[1]?.data.toString()).toBe("int b;");
  });

  it("is refused when it is cut, or holds a path that leaves its folder", () => {
    expect(() => readTar(gzipSync(tarEntry("package/a.c", "x".repeat(2000)).subarray(0, 1024)))).toThrow("cut short");
    expect(() => readTar(archive(tarEntry("package/../../a.c", "x")))).toThrow("the path package/../../a.c");
    expect(() => readTar(archive(tarEntry("/etc/a", "x")))).toThrow("the path /etc/a");
  });
});

describe("manifest.json", () => {
  const files = {
    "src/main.ts": "",
    "src/io/real.ts": "",
    "src/types.d.ts": "",
    "native/xs/bind_a.c":
      "void es_a(xsMachine *the) {}\nvoid es_a_gone(void *data) {}\nstatic void es_b(xsMachine *the) {}\n",
    "native/xs/device.h": "",
    "port/manifest.json": JSON.stringify({ modules: { "embedded:x": "./x" } }),
    "port/x.ts": "",
  };

  it("is the one list: modules, C files, natives and limits follow from it", () => {
    const manifest = readManifest(
      project(
        "good",
        {
          modules: { "*": ["./src/main", "./native/xs/*", "$(MODDABLE)/modules/base/*"], "io/*": "./src/io/*" },
          creation: { stack: 512, heap: { initial: 100 } },
          platforms: { host: { include: "./port/manifest.json", creation: { heap: { initial: 200 } } } },
        },
        files,
      ),
      "host",
    );
    expect(manifest.modules.map(({ name }) => name)).toEqual(["embedded:x", "io/real", "main"]);
    expect(manifest.sources).toEqual(["native/xs/bind_a.c"]);
    expect(manifest.natives).toEqual(["es_a"]);
    expect(manifest).toMatchObject({ destructors: ["es_a_gone"], creation: { stack: 512, heap: { initial: 200 } } });
    expect(tables(manifest)).toContain('{"es_a", es_a}');
    expect(tables(manifest)).toContain(".initialHeapCount = 200");
  });

  it("may not name what does not exist, nor one module twice", () => {
    const missing = project("missing", { modules: { "*": ["./src/main", "./src/nothing"] } }, files);
    expect(() => readManifest(missing, "host")).toThrow("names what does not exist: ./src/nothing");
    const twice = project("twice", { modules: { main: ["./src/main", "./src/io/real"] } }, files);
    expect(() => readManifest(twice, "host")).toThrow("the module main has two sources");
    writeFileSync(join(twice, "manifest.json"), "{");
    expect(() => readManifest(twice, "host")).toThrow("manifest.json can't be read");
  });

  it("gives its defines the names that the SDK gives them", () => {
    expect(definesHeader({ audioIn: { sampleRate: 16000 }, on: true })).toContain(
      "#define MODDEF_AUDIOIN_SAMPLERATE 16000\n#define MODDEF_ON 1",
    );
  });
});

describe("a build that can't be made", () => {
  /** The project's build in a copy that has built nothing, with only these programs on the search path. */
  function build(name: string, programs: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const root = join(folder, name);
    const bin = join(root, "bin");
    mkdirSync(bin, { recursive: true });
    for (const part of ["host-sim", "native", "src", "test", "manifest.json", "node_modules"])
      symlinkSync(join(ROOT, part), join(root, part));
    rmSync(join(root, "host-sim"));
    mkdirSync(join(root, "host-sim"));
    for (const part of ["build", "cli", "embedded", "room", "xs"])
      symlinkSync(join(ROOT, "host-sim", part), join(root, "host-sim", part));
    for (const program of programs) {
      writeFileSync(join(bin, program), `#!/bin/sh\nexec /usr/bin/${program} "$@"\n`);
      chmodSync(join(bin, program), 0o755);
    }
    const script = join(root, "host-sim/build/build.mjs");
    const args = ["--preserve-symlinks", "--preserve-symlinks-main", script, "host"];
    const result = spawnSync(process.execPath, args, { encoding: "utf8", env: { PATH: bin, HOME: root, ...env } });
    return { code: result.status, sentence: result.stderr.trim(), root };
  }

  it("names a missing compiler, make or npm with its Debian package, in one sentence", () => {
    expect(build("no cc", ["make"])).toMatchObject({
      code: 1,
      sentence: expect.stringMatching(/^a C compiler .*Debian package gcc.*\.$/),
    });
    expect(build("no make", ["cc"])).toMatchObject({
      code: 1,
      sentence: expect.stringMatching(/^make is missing.*Debian package make.*\.$/),
    });
    expect(build("no npm", ["cc", "make"]).sentence.split("\n").at(-1)).toMatch(
      /^npm is missing.*Debian package npm( \(sudo apt install npm\))?\.$/,
    );
  });

  it("refuses a package that is not the expected one, and keeps nothing of it", () => {
    const { root } = build("prepare", []);
    const npm = join(root, "bin", "npm");
    writeFileSync(npm, "#!/bin/sh\necho not a package > fake.tgz\n");
    chmodSync(npm, 0o755);
    const args = ["--preserve-symlinks", "--preserve-symlinks-main", join(root, "host-sim/build/build.mjs"), "host"];
    const env = { PATH: `${join(root, "bin")}:/usr/bin:/bin`, HOME: root };
    const result = spawnSync(process.execPath, args, { encoding: "utf8", env });
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/is not the expected one: integrity sha512-/);
    expect(existsSync(join(root, ".cache/earshot/packages"))).toBe(true);
    expect(spawnSync("ls", [join(root, ".cache/earshot/packages")], { encoding: "utf8" }).stdout).toBe("");
  });

  it("says that a network is needed when the package can't be fetched", () => {
    const { root } = build("offline", []);
    const npm = join(root, "bin", "npm");
    writeFileSync(npm, "#!/bin/sh\necho 'npm error network getaddrinfo ENOTFOUND' >&2\nexit 1\n");
    chmodSync(npm, 0o755);
    const args = ["--preserve-symlinks", "--preserve-symlinks-main", join(root, "host-sim/build/build.mjs"), "host"];
    const env = { PATH: `${join(root, "bin")}:/usr/bin:/bin`, HOME: root };
    const result = spawnSync(process.execPath, args, { encoding: "utf8", env });
    expect(result.stderr).toContain(
      "cannot fetch the package @agoric/xsnap@0.15.0 with npm pack: network getaddrinfo ENOTFOUND; the first build needs a network.",
    );
  });
});
