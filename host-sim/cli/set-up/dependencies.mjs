// The npm packages. In: package-lock.json. Out: node_modules holds what the lock file says, or one sentence.
// `npm start` installs only what it runs; tests and checks bring their own packages when first needed.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const FETCH_TIMEOUT_MS = 60_000;
const INSTALL_TIMEOUT_MS = 900_000;

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages ?? {};
  } catch {
    return undefined;
  }
}

/** Whether every package that is wanted here lies in node_modules in the version of the lock file. */
export function dependenciesAreInstalled(root, withDevelopment) {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const present = packagesOf(join(root, "node_modules", ".package-lock.json"));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "" || entry.optional || (entry.dev && !withDevelopment)) return true;
    const found = present[path];
    return found !== undefined && found.version === entry.version && existsSync(join(root, path, "package.json"));
  });
}

function npmCommand() {
  const script = process.env.npm_execpath;
  const name = script ? basename(script) : "";
  return name.startsWith("npm") && /\.[cm]?js$/.test(name) ? [process.execPath, script] : ["npm"];
}

/** npm's own words, short: its error code and the first line that says something. */
function reasonOf(output) {
  const lines = [...output.matchAll(/^npm (?:error|ERR!) (\S.*)$/gm)].map(([, text]) => text.trim());
  const code = lines.find((text) => text.startsWith("code "))?.slice(5);
  const said = lines.find((text) => !/^(code|errno|syscall|A complete log)/.test(text))?.slice(0, 200);
  const words = [code, said].filter((text) => text !== undefined).join(": ");
  return words === "" ? "" : ` (${words})`;
}

/** Undefined, or why the packages are not there. */
export async function installDependencies(root, withDevelopment, say) {
  if (dependenciesAreInstalled(root, withDevelopment)) return undefined;
  say(`installing packages${withDevelopment ? " for tests and checks" : ""} (npm ci) …`);
  const [program, ...first] = npmCommand();
  const args = [
    ...first,
    "ci",
    "--prefer-offline",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--no-progress",
    `--fetch-timeout=${FETCH_TIMEOUT_MS}`,
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000", // npm refuses a least time above the most
    "--fetch-retry-maxtimeout=5000",
    ...(withDevelopment ? ["--include=dev"] : ["--omit=dev"]),
  ];
  let output = "";
  const failure = await new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const timer = setTimeout(() => {
      output += "npm error code ETIMEDOUT\n";
      child.kill();
    }, INSTALL_TIMEOUT_MS);
    const take = (data) => {
      if (output.length < 100_000) output += data;
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve(
        error.code === "ENOENT"
          ? "npm was not found: install the Debian package npm (sudo apt install npm)."
          : error.message,
      );
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(
        code === 0
          ? undefined
          : `npm could not install the packages${reasonOf(output)}: check the network or npm's proxy settings and run the command again.`,
      );
    });
  });
  return failure;
}
