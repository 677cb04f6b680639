// The emulated board's compiler flags and libraries. In: boardTools(). Out: { folder, include[] } of each library.
// Why each flag: ../../docs/boards.md.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  LITTLEFS_FLAGS,
  library,
  littlefsList,
  OPUS_FLAGS,
  opusList,
  SPEEXDSP_FLAGS,
  speexdspList,
  XS_RUN,
} from "./libraries.mjs";
import { boardTools } from "./make.mjs";

const here = (path) => fileURLToPath(new URL(`../boards/rv32/${path}`, import.meta.url));

/** Compiler and assembler alike. -misa-spec=2.2: the ISA with its CSR instructions, and the libraries of that name. */
export const TARGET_FLAGS = [
  ...["-march=rv32imac", "-misa-spec=2.2", "-mabi=ilp32", "-mcmodel=medany", "--specs=picolibc.specs"],
  ...["-DPICOLIBC_INTEGER_PRINTF_SCANF", "-ffunction-sections", "-fdata-sections", "-g1"],
];
const SMALL = ["-Os", "-std=gnu11"];
const FAST = ["-O2", "-std=gnu11"];

/** What every file that includes the engine's headers must be compiled with: the machine's struct depends on it. */
export const XS_DEFINES = [
  "-DINCLUDE_XSPLATFORM",
  '-DXSPLATFORM="platform.h"',
  "-DmxRun=1",
  "-DmxBoundsCheck=1", // without it deep recursion in JavaScript writes over other tasks' memory
  "-DmxMetering=1", // the watchdog
  "-DmxNoConsole=1",
];

export async function boardEngine(log) {
  const folder = await library({
    key: "xs",
    name: "xs-rv32",
    tools: boardTools(),
    flags: [...TARGET_FLAGS, ...SMALL, "-msave-restore", "-fno-strict-aliasing", "-fwrapv", "-w", ...XS_DEFINES],
    extra: { "platform.h": readFileSync(here("xs/platform.h"), "utf8") },
    list: () => XS_RUN.split(/\s+/).map((file) => `sources/${file}.c`),
    include: [".", "src/includes", "src/platforms", "src/sources"],
    log,
    what: "the JavaScript engine for the emulated board",
  });
  return { folder, include: ["src/includes", "src/platforms", "src/sources"] };
}

export async function boardOpus(log) {
  const folder = await library({
    key: "opus",
    name: "opus-rv32",
    tools: boardTools(),
    flags: [...TARGET_FLAGS, ...OPUS_FLAGS.filter((flag) => flag !== "-g1")],
    extra: {},
    // Speech in a piece of music is rare: its half of the codec may be slow.
    own: Object.fromEntries(
      opusList()
        .filter((file) => file.startsWith("silk/"))
        .map((file) => [file, ["-Os"]]),
    ),
    list: opusList,
    include: ["src/include", "src/celt", "src/silk", "src/silk/fixed"],
    log,
    what: "the music codec for the emulated board",
  });
  return { folder, include: ["src/include"] };
}

export async function boardEcho(log) {
  const memory = readFileSync(fileURLToPath(new URL("../../native/echo/os_support_custom.h", import.meta.url)), "utf8");
  const folder = await library({
    key: "speexdsp",
    name: "speexdsp-rv32",
    tools: boardTools(),
    flags: [...TARGET_FLAGS, ...SPEEXDSP_FLAGS.filter((flag) => flag !== "-g1")],
    extra: { "os_support_custom.h": memory },
    list: speexdspList,
    include: [".", "src/include", "src/libspeexdsp"],
    log,
    what: "the echo canceller for the emulated board",
  });
  return { folder, include: ["src/include"] };
}

export async function boardFileSystem(log) {
  const folder = await library({
    key: "littlefs",
    name: "littlefs-rv32",
    tools: boardTools(),
    flags: [...TARGET_FLAGS, "-Os", ...LITTLEFS_FLAGS.filter((flag) => flag !== "-g1" && flag !== "-O2")],
    extra: {},
    list: littlefsList,
    include: ["src"],
    log,
    what: "the flash file system for the emulated board",
  });
  return { folder, include: ["src"] };
}

export async function boardKernel(log) {
  const extensions = "src/portable/GCC/RISC-V/chip_specific_extensions/RISCV_MTIME_CLINT_no_extensions";
  const include = ["src/include", "src/portable/GCC/RISC-V", extensions];
  const folder = await library({
    key: "freertos",
    name: "freertos-rv32",
    tools: boardTools(),
    flags: [...TARGET_FLAGS, ...FAST, "-w"],
    extra: { "FreeRTOSConfig.h": readFileSync(here("FreeRTOSConfig.h"), "utf8") },
    list: () => ["tasks.c", "queue.c", "list.c", "portable/GCC/RISC-V/port.c", "portable/GCC/RISC-V/portASM.S"],
    include: [".", ...include],
    log,
    what: "the kernel of the emulated board",
  });
  return { folder, include: [".", ...include] };
}

/** Size for what runs a few times a second, speed for what runs for each sample and each weight. */
export function flagsOf(source) {
  if (/native\/nn\/products?\.c$/.test(source)) {
    return [...FAST, "-fno-schedule-insns"]; // the first scheduling pass would spill the eight sums: a third slower
  }
  return /native\/(base|nn|features|music|port|echo)\/|decoder\/(beam|step|trellis|fixed_log)\.c$/.test(source)
    ? FAST
    : SMALL;
}
