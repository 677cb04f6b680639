// The pieces that can be played. The engine knows one by the name "default": the piece the device was given.

export const DEFAULT_PIECE = "default";

const MAX_NAME_LENGTH = 64;

/** A name that is safe to hand to the driver and to show: letters, digits and . _ - only. */
export function isPieceName(name: string): boolean {
  if (name.length === 0 || name.length > MAX_NAME_LENGTH) return false;
  for (const char of name) {
    const letter = (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || (char >= "0" && char <= "9");
    if (!letter && char !== "." && char !== "_" && char !== "-") return false;
  }
  return true;
}
