// Volume as people say it, 0–100, and as the mixer wants it.

export const VOLUME_MIN = 0;
export const VOLUME_MAX = 100;

const FULL_Q15 = 32_768;

/** Amplitude in Q15. The square of the setting: half the setting is a quarter of the amplitude, -12 dB. */
export function volumeToQ15(volume: number): number {
  return Math.round((volume * volume * FULL_Q15) / (VOLUME_MAX * VOLUME_MAX));
}

/**
 * The new volume for an order: "40" sets, "+10" and "-10" change the present one and stop at the ends.
 * undefined when the text is no such order or sets a volume outside 0–100.
 */
export function applyVolumeOrder(order: string, present: number): number | undefined {
  const sign = order[0] === "+" || order[0] === "-" ? order[0] : "";
  const amount = parseAmount(order.slice(sign.length));
  if (amount === undefined) return undefined;
  if (sign === "") return amount <= VOLUME_MAX ? amount : undefined;
  const changed = sign === "+" ? present + amount : present - amount;
  return Math.min(VOLUME_MAX, Math.max(VOLUME_MIN, changed));
}

/** One to three decimal digits. */
function parseAmount(digits: string): number | undefined {
  if (digits.length === 0 || digits.length > 3) return undefined;
  let amount = 0;
  for (const char of digits) {
    if (char < "0" || char > "9") return undefined;
    amount = amount * 10 + (char.charCodeAt(0) - 48);
  }
  return amount;
}
