// A script of a user's own: hears the microphone and plays a tone, by the ECMA-419 audio classes. Run as the main module
// by test/system/audio.test.ts.

import AudioIn from "../../../host-sim/embedded/audio/in";
import AudioOut from "../../../host-sim/embedded/audio/out";

const log = native("es_log");

let heard = 0;
let loudest = 0;
const microphone = new AudioIn({
  sampleRate: 16000,
  onReadable(bytes) {
    const samples = new DataView(this.read(bytes) as ArrayBuffer);
    for (let at = 0; at < bytes; at += 2) loudest = Math.max(loudest, Math.abs(samples.getInt16(at, true)));
    heard += bytes / 2;
    if (heard >= 16000) {
      log(`heard ${heard} samples, the loudest ${loudest}, ${this.lost} lost`);
      this.close();
    }
  },
});
microphone.start();

const block = new Int16Array(960);
for (let i = 0; i < 480; i++) {
  const value = i % 96 < 48 ? 8000 : -8000; // 500 Hz
  block[2 * i] = value;
  block[2 * i + 1] = value;
}
const bytes = new Uint8Array(block.buffer);
let blocks = 0;
const speaker = new AudioOut({
  onWritable(space) {
    for (let left = space; left >= bytes.byteLength && blocks < 100; left -= bytes.byteLength, blocks++)
      this.write(bytes);
  },
});
speaker.volume = 0.5;
speaker.start();

function refusal(body: () => void): string {
  try {
    body();
    return "nothing";
  } catch (error) {
    return String(error);
  }
}
log(refusal(() => new AudioIn()));
log(refusal(() => new AudioOut({ sampleRate: 44100 })));
log(refusal(() => speaker.write(new Uint8Array(3))));
