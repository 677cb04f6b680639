// C text that follows from the manifest alone: module map, natives, limits, defines. In: readManifest's result.
// Out: strings; the caller writes them. Nothing in them names this machine.
const HEAD = "/* Written by host-sim/build from manifest.json; changes here are lost. */\n";

const cString = (text) => JSON.stringify(text);

/** mcconfig's rule: { audioIn: { sampleRate: 1 } } becomes MODDEF_AUDIOIN_SAMPLERATE 1. */
export function definesHeader(defines) {
  const lines = [];
  const walk = (value, path) => {
    if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
    } else {
      const name = path
        .join("_")
        .replaceAll(/[^A-Za-z0-9]/g, "_")
        .toUpperCase();
      lines.push(
        `#define MODDEF_${name} ${typeof value === "string" ? cString(value) : value === true ? 1 : value === false ? 0 : value}`,
      );
    }
  };
  walk(defines, []);
  return `${HEAD}#ifndef EARSHOT_MC_DEFINES_H\n#define EARSHOT_MC_DEFINES_H\n${lines.join("\n")}\n#endif\n`;
}

function creationFields(creation) {
  const { chunk = {}, heap = {}, keys = {}, parser = {} } = creation;
  const fields = {
    initialChunkSize: chunk.initial,
    incrementalChunkSize: chunk.incremental,
    initialHeapCount: heap.initial,
    incrementalHeapCount: heap.incremental,
    stackCount: creation.stack,
    initialKeyCount: keys.initial,
    incrementalKeyCount: keys.incremental,
    nameModulo: keys.name,
    symbolModulo: keys.symbol,
    parserBufferSize: parser.buffer,
    parserTableModulo: parser.table,
    staticSize: creation.static,
  };
  return Object.entries(fields)
    .map(([name, value]) => `    .${name} = ${value ?? 0},`)
    .join("\n");
}

/** host-sim/xs/manifest_tables.h, filled. */
export function tables({ modules, natives, destructors, preload, creation, main }) {
  const early = new Set(preload);
  const rows = modules.map(({ name, source }) => {
    const path = source.replace(/\.(ts|js)$/, "");
    return `    {${cString(name)}, ${cString(path)}, ${early.has(name) ? "true" : "false"}},`;
  });
  return `${HEAD}#include "manifest_tables.h"

const es_module_entry es_modules[] = {
${rows.join("\n")}
    {NULL, NULL, false},
};

${natives.map((name) => `void ${name}(txMachine *the);`).join("\n")}
const es_native_entry es_natives[] = {
${natives.map((name) => `    {${cString(name)}, ${name}},`).join("\n")}
    {NULL, NULL},
};

${destructors.map((name) => `void ${name}(void *data);`).join("\n")}
const es_destructor_entry es_destructors[] = {
${destructors.map((name) => `    {${cString(name)}, ${name}},\n`).join("")}    {NULL, NULL},
};

const txCreation es_creation = {
${creationFields(creation)}
};
const char *const es_main_module = ${cString(main ?? creation.main ?? "main")};
`;
}
