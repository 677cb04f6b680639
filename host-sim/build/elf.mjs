// Reads a little-endian 32-bit ELF file. In: its bytes. Out: sections by name and symbols by address.
const SYMTAB = 2;
const TYPES = ["none", "object", "function", "section", "file"];

export function readElf(bytes) {
  if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 1 || bytes[5] !== 1) {
    throw new Error("expected a little-endian 32-bit ELF file");
  }
  const at = bytes.readUInt32LE(32);
  const size = bytes.readUInt16LE(46);
  const sections = [];
  for (let i = 0; i < bytes.readUInt16LE(48); i++) {
    const head = at + i * size;
    const [name, type, , address, offset, length, link] = Array.from({ length: 7 }, (_, k) =>
      bytes.readUInt32LE(head + 4 * k),
    );
    sections.push({
      name,
      type,
      address,
      length,
      link,
      data: type === 8 ? null : bytes.subarray(offset, offset + length),
    });
  }
  const names = sections[bytes.readUInt16LE(50)].data;
  for (const section of sections) section.name = text(names, section.name);
  return { sections, symbols: symbolsOf(sections) };
}

const text = (data, at) => data.toString("latin1", at, data.indexOf(0, at));

/** { name, address, bytes, type, global, section } of each symbol that lies in a section, by address. */
function symbolsOf(sections) {
  const table = sections.find(({ type }) => type === SYMTAB);
  const strings = sections[table.link].data;
  const symbols = [];
  for (let at = 0; at < table.length; at += 16) {
    const index = table.data.readUInt16LE(at + 14);
    const info = table.data[at + 12];
    const name = text(strings, table.data.readUInt32LE(at));
    if (index === 0 || index >= sections.length || name === "") continue;
    symbols.push({
      name,
      address: table.data.readUInt32LE(at + 4),
      bytes: table.data.readUInt32LE(at + 8),
      type: TYPES[info & 15] ?? "other",
      global: info >> 4 !== 0,
      section: sections[index].name,
    });
  }
  return symbols.sort((a, b) => a.address - b.address);
}
