// Reads a gzipped tar archive into memory. In: bytes of a .tgz as npm makes it (ustar, long paths of pax or GNU).
// Out: { path, data } of each plain file. Links, devices and paths that leave the archive's folder are refused.
import { gunzipSync } from "node:zlib";

const BLOCK = 512;

function field(block, offset, length) {
  const end = block.indexOf(0, offset);
  return block.toString("utf8", offset, end < 0 || end > offset + length ? offset + length : end);
}

function paxPath(data) {
  // Records are "<length> <key>=<value>\n", the length counts the whole record.
  let at = 0;
  while (at < data.length) {
    const space = data.indexOf(0x20, at);
    const length = Number.parseInt(data.toString("utf8", at, space), 10);
    if (!(length > 0)) break;
    const record = data.toString("utf8", space + 1, at + length - 1);
    if (record.startsWith("path=")) return record.slice(5);
    at += length;
  }
  return undefined;
}

export function readTar(tgz) {
  const tar = gunzipSync(tgz);
  const files = [];
  let longPath;
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header[0] === 0) break;
    const size = Number.parseInt(field(header, 124, 12).trim() || "0", 8);
    if (!(size >= 0) || at + BLOCK + size > tar.length) throw new Error("the archive is cut short");
    const type = String.fromCharCode(header[156] || 0x30);
    const data = tar.subarray(at + BLOCK, at + BLOCK + size);
    const prefix = field(header, 345, 155);
    const path = longPath ?? (prefix ? `${prefix}/` : "") + field(header, 0, 100);
    longPath = undefined;
    if (type === "x") longPath = paxPath(data);
    else if (type === "L")
      longPath = field(data, 0, data.length); // GNU tar, which cargo writes
    else if (type === "0") {
      if (path.startsWith("/") || path.split("/").includes("..")) throw new Error(`the archive holds the path ${path}`);
      files.push({ path, data });
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
