// Opens a sound file by its content, never by its name. In: a path. Out: a Sound, or a SoundError that tells what was
// expected and what was found.

import { type FileHandle, open } from "node:fs/promises";
import { systemReason } from "../failure.ts";
import { readFlac } from "./flac.ts";
import { isOgg } from "./ogg.ts";
import { readOggOpus } from "./ogg-opus.ts";
import { type Sound, SoundError } from "./sound.ts";
import { readWav } from "./wav.ts";

const MAX_BYTES = 2 ** 31 - 1;
const EXPECTED = "expected a WAV, FLAC or Ogg Opus file";

export async function openSound(path: string): Promise<Sound> {
  return readSound(await readBytes(path));
}

/** The whole file, where it is one that can hold sound. */
export async function readBytes(path: string): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const stat = await file.stat();
    if (stat.isDirectory()) throw new SoundError(`${EXPECTED}; found a folder`);
    if (stat.isCharacterDevice() || stat.isBlockDevice()) throw new SoundError(`${EXPECTED}; found a device`);
    if (stat.size > MAX_BYTES) throw new SoundError(`expected a file of less than 2 GiB; found ${stat.size} bytes`);
    return await file.readFile();
  } catch (error) {
    if (error instanceof SoundError) throw error;
    throw new SoundError(`${EXPECTED}; ${systemReason(error)}`);
  } finally {
    await file?.close();
  }
}

export async function readSound(bytes: Uint8Array): Promise<Sound> {
  if (bytes.length === 0) throw new SoundError(`${EXPECTED}; found an empty file`);
  const start = Buffer.from(bytes.subarray(0, 64)).toString("latin1");
  if (/^(RIFF|RF64)/.test(start)) {
    if (bytes.length >= 12 && start.slice(8, 12) !== "WAVE")
      throw new SoundError(`${EXPECTED}; found a RIFF file of another kind`);
    return readWav(bytes);
  }
  if (start.startsWith("fLaC")) return readFlac(bytes);
  if (isOgg(bytes)) return readOggOpus(bytes);
  throw new SoundError(`${EXPECTED}; found ${kindOf(start, bytes)}`);
}

function kindOf(start: string, bytes: Uint8Array): string {
  if (start.startsWith("RIFX")) return "a WAV file of the big-endian kind";
  if (start.startsWith("ID3") || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2)) return "an MP3 file";
  if (start.slice(4, 8) === "ftyp") return "an MP4 or M4A file";
  if (start.startsWith("\x1a\x45\xdf\xa3")) return "a WebM or Matroska file";
  if (start.startsWith("FORM")) return "an AIFF file";
  if (start.startsWith("version https://git-lfs"))
    return "a Git LFS pointer: type `git lfs pull` to bring the file itself";
  if (/^[\t\n\r\x20-\x7e]+$/.test(start)) return "text";
  return `${bytes.length} bytes of another kind`;
}
