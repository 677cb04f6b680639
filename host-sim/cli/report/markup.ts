// Text and numbers in HTML and SVG.

export function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** One decimal. */
export const n = (value: number): string => String(Math.round(value * 10) / 10);
