// The engine's reports are JSON objects; a person reads them as lines.

type Value = string | number | boolean | null | Report | readonly Value[];
export interface Report {
  readonly [key: string]: Value;
}

/** Lines `name: value`, names of inner objects joined by a full stop. */
export function reportLines(report: Report, prefix = ""): string[] {
  const lines: string[] = [];
  for (const key of Object.keys(report)) {
    const value = report[key] as Value;
    const name = prefix + key;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      lines.push(...reportLines(value as Report, `${name}.`));
    } else {
      lines.push(`${name}: ${Array.isArray(value) ? value.join(", ") : String(value)}`);
    }
  }
  return lines;
}
