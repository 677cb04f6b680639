// Packages that carry C sources, by name, version and integrity, in the user's cache.
// In: npm's registry client, once. Out: a folder with the wanted part of the package. Works offline once cached.
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

function npmPack(spec, folder) {
  const options = { cwd: folder, encoding: "utf8", timeout: FETCH_TIMEOUT_MS };
  // npm's own retries would add minutes to an answer that is "no network".
  const args = ["pack", spec, "--silent", "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=60000"];
  const result = spawnSync(process.platform === "win32" ? "npm.cmd" : "npm", args, options);
  if (result.error?.code === "ENOENT") throw new BuildError("npm is missing: install the Debian package npm.");
  const name = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (result.status === 0 && name) return readFileSync(join(folder, name));
  const why =
    result.error?.code === "ETIMEDOUT" ? `no answer in ${FETCH_TIMEOUT_MS / 1000} s` : firstLine(result.stderr);
  throw new BuildError(`cannot fetch the package ${spec} with npm pack: ${why}; the first build needs a network.`);
}

function firstLine(text) {
  const lines = (text ?? "").split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim());
  return lines.find((line) => line !== "" && !line.startsWith("A complete log")) ?? "npm failed without a word";
}

/** The folder of a package's wanted part, fetched if it is not cached. */
export async function packageFolder(key, log) {
  const { name, version, integrity, part, what } = PACKAGES[key];
  const tag = createHash("sha256")
    .update(integrity + part)
    .digest("hex")
    .slice(0, 12);
  const target = join(cacheFolder(), "packages", `${name.replace(/[@/]/g, "_")}-${version}-${tag}`);
  return appear(target, (temporary) => {
    log(`fetching ${what} (npm ${name} ${version})`);
    const download = mkdtempSync(`${temporary}-download-`);
    let tgz;
    try {
      tgz = npmPack(`${name}@${version}`, download);
    } finally {
      rmSync(download, { recursive: true, force: true });
    }
    const found = `sha512-${createHash("sha512").update(tgz).digest("base64")}`;
    if (found !== integrity) {
      throw new BuildError(
        `the package ${name} ${version} is not the expected one: integrity ${found}, expected ${integrity}.`,
      );
    }
    for (const file of readTar(tgz)) {
      if (!file.path.startsWith(part)) continue;
      const path = join(temporary, file.path.slice(part.length));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.data);
    }
  });
}
