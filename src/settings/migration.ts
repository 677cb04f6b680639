// From the keys of an older version to those of the present one, a step a version.

/** Changes the texts of version n into those of n + 1. */
export type MigrationStep = (texts: Map<string, string>) => void;

/** steps[i] leads from version i + 1 to i + 2. */
export const STEPS: readonly MigrationStep[] = [
  // Version 1 had volume and mute. A device that was in use before stays as private and as forgetful as it was.
  (texts) => {
    texts.set("privacy", "local");
    texts.set("zone", "UTC0");
    texts.set("room", "");
    texts.set("history", "on");
  },
];

/**
 * Runs the steps from `version` on, in place. Returns the version reached, or undefined when the version is none that
 * ever was: not a whole number from 1.
 */
export function migrate(
  texts: Map<string, string>,
  version: number,
  steps: readonly MigrationStep[] = STEPS,
): number | undefined {
  if (!Number.isInteger(version) || version < 1) return undefined;
  let reached = version;
  for (const step of steps.slice(version - 1)) {
    step(texts);
    reached++;
  }
  return reached;
}
