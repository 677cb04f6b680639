// The engine, the codec, the echo canceller and the flash file system, compiled once for a user and kept in the cache.
// In: the package's C sources, flags, the compiler. Out: a folder with lib*.a and what programs need to include.
// The folder's name is a hash of all that went in, so a new compiler or flag makes a new one beside it.
import { createHash } from "node:crypto";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makefile, runMake, toolchain } from "./make.mjs";
import { appear, cacheFolder, PACKAGES, packageFolder } from "./packages.mjs";

export const XS_RUN = `xsAll xsAPI xsArguments xsArray xsAtomics xsBigInt xsBoolean xsCommon xsDataView xsDate xsDebug xsDefaults
  xsError xsFunction xsGenerator xsGlobal xsJSON xsLockdown xsMapSet xsMarshall xsMath xsMemory xsModule xsNumber xsObject
  xsPlatforms xsProfile xsPromise xsProperty xsProxy xsRegExp xsRun xsString xsSymbol xsType xsdtoa xsmc xsre`;
// The parser and compiler of JavaScript: on a PC only. A board gets bytecode.
const XS_PARSE = "xsCode xsLexical xsScope xsScript xsSourceMap xsSyntaxical xsTree";

/** What every file that includes the engine's headers must be compiled with: the machine's struct depends on it. */
export const XS_DEFINES = [
  "-DINCLUDE_XSPLATFORM",
  '-DXSPLATFORM="platform.h"',
  "-DmxRun=1",
  "-DmxParse=1",
  "-DmxBoundsCheck=1", // without it deep recursion in JavaScript is a segmentation fault
  "-DmxMetering=1", // the watchdog and the counted work
  "-DmxDebug=1", // file and line in stack traces
  "-DmxNoConsole=1", // the engine itself prints nothing
];
const SECTIONS = ["-ffunction-sections", "-fdata-sections"];
// The engine was written for wrapping integers and for looking at one value through two types.
const XS_FLAGS = ["-O2", "-g1", "-std=gnu11", "-fno-strict-aliasing", "-fwrapv", "-w", ...SECTIONS];

// The decoder alone, file names by folder.
const OPUS_FILES = {
  src: `opus opus_decoder`,
  celt: `bands celt celt_decoder celt_lpc cwrs entcode entdec entenc kiss_fft laplace mathops mdct modes pitch
    quant_bands rate vq`,
  silk: `CNG LPC_analysis_filter LPC_fit LPC_inv_pred_gain NLSF2A NLSF_decode NLSF_stabilize NLSF_unpack PLC
    bwexpander bwexpander_32 code_signs dec_API decode_core decode_frame decode_indices decode_parameters
    decode_pitch decode_pulses decoder_set_fs gain_quant init_decoder lin2log log2lin pitch_est_tables
    resampler resampler_private_AR2 resampler_private_IIR_FIR resampler_private_down_FIR
    resampler_private_up2_HQ resampler_rom shell_coder sort stereo_MS_to_LR stereo_decode_pred sum_sqr_shift
    table_LSF_cos tables_LTP tables_NLSF_CB_NB_MB tables_NLSF_CB_WB tables_gain tables_other tables_pitch_lag
    tables_pulses_per_block`,
};
export const OPUS_FLAGS = [
  ...["-O2", "-g1", "-std=gnu11", "-w", ...SECTIONS],
  // Fixed point without the float interface: the same bits on every board, and no floating point in the music path.
  ...["-DOPUS_BUILD", "-DFIXED_POINT=1", "-DDISABLE_FLOAT_API", "-DVAR_ARRAYS"],
  // The codec rounds its products in another way where it thinks 64-bit ones slow; on this name it takes them everywhere.
  "-D_WIN64",
];

/** Fixed point; memory comes from native/echo's arena by its os_support_custom.h, which must be on the include path. */
export const SPEEXDSP_FLAGS = [
  ...["-O2", "-g1", "-std=gnu11", "-w", ...SECTIONS],
  ...["-DFIXED_POINT=1", "-DUSE_KISS_FFT=1", "-DEXPORT=", "-DOS_SUPPORT_CUSTOM=1"],
];
/** The echo canceller alone. */
export const speexdspList = () => ["mdf", "fftwrap", "kiss_fft", "kiss_fftr"].map((name) => `libspeexdsp/${name}.c`);

/** Without heap, without texts; what it finds wrong on the flash comes as an error, never as a stop. */
export const LITTLEFS_FLAGS = [
  ...["-O2", "-g1", "-std=gnu11", "-w", ...SECTIONS],
  ...["-DLFS_NO_MALLOC=1", "-DLFS_NO_ASSERT=1", "-DLFS_NO_DEBUG=1", "-DLFS_NO_WARN=1", "-DLFS_NO_ERROR=1"],
];
export const littlefsList = () => ["lfs.c", "lfs_util.c"];

export const SANITIZE_FLAGS = [
  "-fsanitize=address,undefined",
  "-fno-omit-frame-pointer",
  "-fno-sanitize-recover=undefined",
];

function digest(parts) {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

// Reads text eight bytes at a time, past its end but inside its aligned block: right for the engine's own memory, an
// error to the sanitizer where the text is a C constant.
const READS_WIDE = "sources/xsCommon.c";

/** One package's sources as lib<name>.a. `tools`: the compiler, this PC's when absent; `own`: flags of single
 * files. */
export async function library({ key, name, flags, extra, list, include, log, what, tools = toolchain(), own = {} }) {
  const { cc, ar, version, target } = tools;
  const tag = digest([
    PACKAGES[key].integrity,
    PACKAGES[key].part,
    list(),
    flags,
    extra,
    version,
    target,
    ...Object.entries(own),
  ]);
  const folder = join(cacheFolder(), "libraries", `${name}-${tag}`);
  return appear(folder, async (temporary) => {
    const sources = await packageFolder(key, log);
    log(`compiling ${what} (once)`);
    // A link, so that the makefile holds no path of this machine (and none with spaces).
    symlinkSync(sources, join(temporary, "src"));
    for (const [file, text] of Object.entries(extra)) writeFileSync(join(temporary, file), text);
    const files = list();
    const objects = files.map((file) => ({
      source: `src/${file}`,
      object: `${file.replaceAll("/", "_").replace(/\.[cS]$/, "")}.o`,
      flags: own[file] ?? [],
    }));
    const text = makefile({
      cc,
      ar,
      flags: [...flags, ...include.map((path) => `-I${path}`)],
      objects,
      archive: { path: `lib${name}.a`, objects: objects.map(({ object }) => object) },
      folders: ["."],
    });
    writeFileSync(join(temporary, "Makefile"), text);
    let told = 0;
    await runMake(temporary, objects.length, (done, total) => {
      const percent = Math.floor((100 * done) / total);
      if (percent >= told + 25 && percent < 100) {
        told = percent - (percent % 25);
        log(`compiling ${what}: ${told} %`);
      }
    });
  });
}

/** { folder, include[] } of the XS engine. `platform` is the text of host-sim/xs/platform.h, part of the build. */
export async function engine({ log, sanitize = false }) {
  const platform = readFileSync(fileURLToPath(new URL("../xs/platform.h", import.meta.url)), "utf8");
  // Undefined behaviour inside the engine is its authors' matter; addresses are ours too.
  const flags = [
    ...XS_FLAGS,
    ...XS_DEFINES,
    ...(sanitize ? ["-fsanitize=address", "-fno-omit-frame-pointer", "-DmxASANStackMargin=131072"] : []),
  ];
  const folder = await library({
    key: "xs",
    name: "xs",
    flags,
    extra: { "platform.h": platform },
    list: () => `${XS_RUN} ${XS_PARSE}`.split(/\s+/).map((file) => `sources/${file}.c`),
    include: [".", "src/includes", "src/platforms", "src/sources"],
    own: sanitize ? { [READS_WIDE]: ["-fno-sanitize=address"] } : {},
    log,
    what: sanitize ? "the JavaScript engine for the sanitizers" : "the JavaScript engine",
  });
  return { folder, include: ["src/includes", "src/platforms", "src/sources"] };
}

export const opusList = () =>
  Object.entries(OPUS_FILES).flatMap(([folder, names]) => names.split(/\s+/).map((name) => `${folder}/${name}.c`));

export async function opus({ log, sanitize = false }) {
  const folder = await library({
    key: "opus",
    name: "opus",
    flags: [...OPUS_FLAGS, ...(sanitize ? ["-fsanitize=address", "-fno-omit-frame-pointer"] : [])],
    extra: {},
    list: opusList,
    include: ["src/include", "src/celt", "src/silk", "src/silk/fixed"],
    log,
    what: sanitize ? "the music codec for the sanitizers" : "the music codec",
  });
  return { folder, include: ["src/include"] };
}

export async function speexdsp({ log, sanitize = false }) {
  const memory = readFileSync(fileURLToPath(new URL("../../native/echo/os_support_custom.h", import.meta.url)), "utf8");
  const folder = await library({
    key: "speexdsp",
    name: "speexdsp",
    flags: [...SPEEXDSP_FLAGS, ...(sanitize ? ["-fsanitize=address", "-fno-omit-frame-pointer"] : [])],
    extra: { "os_support_custom.h": memory },
    list: speexdspList,
    include: [".", "src/include", "src/libspeexdsp"],
    log,
    what: sanitize ? "the echo canceller for the sanitizers" : "the echo canceller",
  });
  return { folder, include: ["src/include"] };
}

export async function littlefs({ log, sanitize = false }) {
  const folder = await library({
    key: "littlefs",
    name: "littlefs",
    flags: [...LITTLEFS_FLAGS, ...(sanitize ? SANITIZE_FLAGS : [])],
    extra: {},
    list: littlefsList,
    include: ["src"],
    log,
    what: sanitize ? "the flash file system for the sanitizers" : "the flash file system",
  });
  return { folder, include: ["src"] };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const log = (line) => process.stderr.write(`${line}\n`);
  for (const make of [engine, opus, speexdsp, littlefs]) process.stdout.write(`${(await make({ log })).folder}\n`);
}
