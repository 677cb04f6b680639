// What the speaker played, as WAV with the plain 44-byte header: 48 kHz, 16 bit, stereo.

import { fault } from "../failure.ts";
import { MAX_WAV_DATA, wavHeader } from "../sound/wav-file.ts";
import { AsideFile } from "./aside-file.ts";

export const PLAYED_RATE = 48_000;
export const PLAYED_CHANNELS = 2;

export class PlayedFile {
  #bytes = 0;

  static async open(file: string): Promise<PlayedFile> {
    const aside = await AsideFile.open(file);
    // A pipe can't be gone back in: there the lengths stay "not known".
    await aside.write(wavHeader(PLAYED_RATE, PLAYED_CHANNELS, MAX_WAV_DATA));
    return new PlayedFile(aside);
  }

  private constructor(readonly aside: AsideFile) {}

  async write(data: Buffer): Promise<void> {
    this.#bytes += data.length;
    if (this.#bytes > MAX_WAV_DATA)
      throw fault(`${this.aside.file}: a WAV file can hold 4 GiB (6.2 hours) and the run is longer.`);
    await this.aside.write(data);
  }

  async commit(): Promise<void> {
    if (this.aside.aside !== null) await this.aside.write(wavHeader(PLAYED_RATE, PLAYED_CHANNELS, this.#bytes), 0);
    await this.aside.commit();
  }

  discard(): Promise<void> {
    return this.aside.discard();
  }
}
