// Packages that carry C sources, by name, version and integrity, in the user's cache.
// In: the client of the package's registry (npm, or cargo for crates), once. Out: a folder with the wanted part of the
// package. Works offline once cached.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { readTar } from "./tar.mjs";

const FETCH_TIMEOUT_MS = 180_000;

export const PACKAGES = {
  xs: {
    name: "@agoric/xsnap",
    version: "0.15.0",
    integrity: "sha512-ZBm4DZxbtfacxMHVVdJjZi0Y8zOxN77vpu1WwI5RWfPkaRh0aHkz/dVdTGKXalDNzWfz183lljKxlxl3/h0n+A==",
    part: "package/moddable/xs/",
    what: "the JavaScript engine XS",
  },
  opus: {
    name: "@discordjs/opus",
    version: "0.10.0",
    integrity: "sha512-HHEnSNrSPmFEyndRdQBJN2YE6egyXS9JUnJWyP6jficK0Y+qKMEZXyYTgmzpjrxXP1exM/hKaNP7BRBUEWkU5w==",
    part: "package/deps/opus/",
    what: "the music codec libopus",
  },
  // A crate's integrity is the checksum that every Cargo.lock holds for it.
  speexdsp: {
    registry: "cargo",
    name: "aec-rs-sys",
    version: "1.0.0",
    integrity: "sha256-9ae9a6febcaa759f69f5de10de33a7b005af57d476f7e33e0b4f7cabb0d1e67f",
    part: "aec-rs-sys-1.0.0/speexdsp/",
    what: "the echo canceller SpeexDSP",
  },
  littlefs: {
    registry: "cargo",
    name: "littlefs2-sys",
    version: "0.4.0",
    integrity: "sha256-999d08bb7fae46d63ecb98d2474d28f7af1a6c928a51b4dfe5f1804abf9afc46",
    part: "littlefs2-sys-0.4.0/littlefs/",
    what: "the flash file system littlefs",
  },
  freertos: {
    registry: "cargo",
    name: "freertos-next",
    version: "0.12.0",
    integrity: "sha256-b7824fb42660c16e1b3b573eef99c2fe5c5cba6294a631c309084635f6bfcbb0",
    part: "freertos-next-0.12.0/FreeRTOS-Kernel/",
    what: "the kernel FreeRTOS",
  },
};

/** An expected failure whose message is one sentence for the user. */
export class BuildError extends Error {}

export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME;
  return join(base?.startsWith("/") ? base : join(homedir(), ".cache"), "earshot");
}

/** Make `target` by `fill(temporary folder)`: it appears whole or not at all, whoever else builds it at the same time. */
export async function appear(target, fill) {
  if (existsSync(target)) return target;
  mkdirSync(dirname(target), { recursive: true });
  const temporary = mkdtempSync(`${target}.part-`);
  try {
    await fill(temporary);
    try {
      renameSync(temporary, target);
    } catch (error) {
      if (!existsSync(target)) throw error; // somebody else was faster: theirs is the same
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return target;
}

function run(command, args, folder) {
  const result = spawnSync(command, args, { cwd: folder, encoding: "utf8", timeout: FETCH_TIMEOUT_MS });
  if (result.error?.code === "ENOENT") {
    throw new BuildError(`${command} is missing: install the Debian package ${command} (sudo apt install ${command}).`);
  }
  const late = result.error?.code === "ETIMEDOUT";
  return { ...result, why: late ? `no answer in ${FETCH_TIMEOUT_MS / 1000} s` : firstLine(result.stderr, command) };
}

function npmPack({ name, version }, folder) {
  const spec = `${name}@${version}`;
  // npm's own retries would add minutes to an answer that is "no network".
  const args = ["pack", spec, "--silent", "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=60000"];
  const result = run("npm", args, folder);
  const file = readdirSync(folder).find((entry) => entry.endsWith(".tgz"));
  if (result.status === 0 && file) return readFileSync(join(folder, file));
  throw new BuildError(
    `cannot fetch the package ${spec} with npm pack: ${result.why}; the first build needs a network.`,
  );
}

/** cargo keeps what it fetched, one folder a registry. */
function cachedCrate({ name, version }) {
  const home = process.env.CARGO_HOME || join(homedir(), ".cargo");
  const cache = join(home, "registry", "cache");
  const folders = existsSync(cache) ? readdirSync(cache) : [];
  return folders.map((folder) => join(cache, folder, `${name}-${version}.crate`)).find((path) => existsSync(path));
}

function cargoFetch(entry, folder) {
  const { name, version } = entry;
  const manifest = `[package]\nname = "sources"\nversion = "0.0.0"\nedition = "2018"\n[lib]\npath = "lib.rs"\n`;
  writeFileSync(join(folder, "Cargo.toml"), `${manifest}[dependencies]\n${name} = "=${version}"\n`);
  writeFileSync(join(folder, "lib.rs"), "");
  // For a target without an operating system cargo leaves out most of what the crate depends on. An old cargo may fail
  // on one of those packages after it has fetched ours.
  const have = cachedCrate(entry);
  const result = have ? undefined : run("cargo", ["fetch", "--target", "riscv32imac-unknown-none-elf"], folder);
  const path = have ?? cachedCrate(entry);
  if (path) return readFileSync(path);
  throw new BuildError(
    `cannot fetch the crate ${name} ${version} with cargo fetch: ${result.why}; the first build needs a network.`,
  );
}

function firstLine(text, command) {
  const lines = (text ?? "").split("\n").map((line) => line.replace(/^(npm (error|ERR!)|error:) ?/, "").trim());
  const said = /^(A complete log|Updating |Locking |Downloading )/;
  return lines.find((line) => line !== "" && !said.test(line)) ?? `${command} failed without a word`;
}

const FETCHERS = { npm: npmPack, cargo: cargoFetch };

/** Whether a package's sources can be had: they are cached, or the program that fetches them is there. */
export function obtainable(key) {
  const fetcher = PACKAGES[key].registry ?? "npm";
  return existsSync(targetOf(key)) || spawnSync(fetcher, ["--version"]).status === 0;
}

function targetOf(key) {
  const { name, version, integrity, part } = PACKAGES[key];
  const tag = createHash("sha256")
    .update(integrity + part)
    .digest("hex")
    .slice(0, 12);
  return join(cacheFolder(), "packages", `${name.replace(/[@/]/g, "_")}-${version}-${tag}`);
}

function checkIntegrity({ name, version, integrity }, archive) {
  const kind = integrity.slice(0, integrity.indexOf("-"));
  const found = `${kind}-${createHash(kind)
    .update(archive)
    .digest(kind === "sha256" ? "hex" : "base64")}`;
  if (found === integrity) return;
  throw new BuildError(
    `the package ${name} ${version} is not the expected one: integrity ${found}, expected ${integrity}.`,
  );
}

/** The folder of a package's wanted part, fetched if it is not cached. */
export async function packageFolder(key, log) {
  const entry = PACKAGES[key];
  const { registry = "npm", name, version, part, what } = entry;
  return appear(targetOf(key), (temporary) => {
    log(`fetching ${what} (${registry} ${name} ${version})`);
    const download = mkdtempSync(`${temporary}-download-`);
    let archive;
    try {
      archive = FETCHERS[registry](entry, download);
    } finally {
      rmSync(download, { recursive: true, force: true });
    }
    checkIntegrity(entry, archive);
    for (const file of readTar(archive)) {
      if (!file.path.startsWith(part)) continue;
      const path = join(temporary, file.path.slice(part.length));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.data);
    }
  });
}
