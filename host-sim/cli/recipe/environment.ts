// The Python environment of the training recipe, made when it is not there.
// In: models/training/requirements.txt. Out: the path of a Python that has them, and commands of the recipe run by it.
// It lives in the cache (EARSHOT_CACHE, ~/.cache/earshot-training), outside the repository; EARSHOT_PYTHON names
// another one that is used as it is.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { inputFailure } from "../failure.ts";
import { say } from "../output.ts";

const CPU_WHEELS = "https://download.pytorch.org/whl/cpu";
/** What PyTorch itself needs, for a PC that reaches the package registry alone. */
const OF_TORCH = ["filelock", "typing-extensions", "sympy", "networkx", "jinja2", "fsspec"];
const LEAST_MINOR = 11;

export function cacheFolder(): string {
  return process.env.EARSHOT_CACHE || join(homedir(), ".cache", "earshot-training");
}

function systemPython(): string {
  for (const name of ["python3", "python3.13", "python3.12", "python3.11"]) {
    const asked = spawnSync(name, ["-c", "import sys, venv, ensurepip; print(sys.version_info.minor)"], {
      encoding: "utf8",
    });
    if (asked.status === 0 && Number(asked.stdout) >= LEAST_MINOR) return name;
  }
  throw inputFailure(
    `Python 3.${LEAST_MINOR} or newer with venv is needed: install the Debian packages python3 and python3-venv.`,
  );
}

function pip(python: string, args: string[]): boolean {
  return (
    spawnSync(python, ["-m", "pip", "install", "-q", ...args], { stdio: ["ignore", "ignore", "inherit"] }).status === 0
  );
}

/** The CPU build from PyTorch's own page, else the registry's build with stand-ins for the libraries of graphics cards. */
function installTorch(python: string, pinned: string, root: string): boolean {
  const quiet = spawnSync(python, ["-m", "pip", "install", "-q", "--index-url", CPU_WHEELS, pinned], {
    stdio: "ignore",
  });
  if (quiet.status === 0) return true;
  say("PyTorch's own page is out of reach; taking the registry's build …");
  const folder = spawnSync(python, ["-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"], {
    encoding: "utf8",
  });
  return (
    pip(python, OF_TORCH) &&
    pip(python, ["--no-deps", pinned, "nvidia-cuda-runtime==13.0.96"]) &&
    spawnSync(python, [join(root, "models/training/tools/cpu_torch.py"), folder.stdout.trim()], {
      stdio: ["ignore", "ignore", "inherit"],
    }).status === 0
  );
}

/** A Python with everything of requirements.txt. */
export function recipePython(root: string): string {
  if (process.env.EARSHOT_PYTHON) return process.env.EARSHOT_PYTHON;
  const folder = join(homedir(), ".cache", "earshot-training", "venv");
  const python = join(folder, "bin", "python");
  const wanted = readFileSync(join(root, "models/training/requirements.txt"), "utf8");
  const digest = createHash("sha256").update(wanted).digest("hex");
  const mark = join(folder, "requirements.sha256");
  if (existsSync(mark) && readFileSync(mark, "utf8") === digest) return python;
  const lines = wanted.split("\n").filter((line) => /^[a-z]/.test(line));
  const torch = lines.find((line) => line.startsWith("torch==")) as string;
  say(`making the Python environment in ${folder}: about 1.2 GB, some minutes, once …`);
  mkdirSync(folder, { recursive: true });
  const made =
    existsSync(python) ||
    spawnSync(systemPython(), ["-m", "venv", folder], { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
  const others = lines.filter((line) => line !== torch);
  const haveTorch = () => spawnSync(python, ["-c", "import torch"], { stdio: "ignore" }).status === 0;
  if (!made || !(haveTorch() || installTorch(python, torch, root)) || !pip(python, others) || !haveTorch()) {
    throw inputFailure(
      `the Python environment in ${folder} could not be made (see above): check the network and the space on the disk, and start again.`,
    );
  }
  writeFileSync(mark, digest);
  return python;
}

/** Runs a command of the recipe; returns its exit code. Ctrl-C reaches it first and it may be started again. */
export function runRecipe(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const python = recipePython(root);
  const child = spawn(python, ["-m", "earshot_training", ...args], {
    cwd: join(root, "models/training"),
    env: { ...process.env, MALLOC_ARENA_MAX: "4", ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const wait = () => {};
  process.on("SIGINT", wait);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("SIGINT", wait);
      resolve(code ?? 130);
    });
  });
}
