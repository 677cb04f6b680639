// Runs checks one after the other and reports. Out: an exit code; the last line is the counts of all, alone on the line.

import { EXIT_FAULT, EXIT_OK } from "../failure.ts";
import { print, say } from "../output.ts";
import type { Outcome, Step } from "./steps.ts";

const SHOWN_BYTES = 20_000;

export async function runSteps(steps: readonly Step[], root: string): Promise<number> {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const step of steps) {
    process.stderr.write(`${step.name.padEnd(7)}  ${step.what} …\n`);
    const started = performance.now();
    const outcome = await guarded(step, root);
    passed += outcome.passed;
    failed += outcome.failed;
    skipped += outcome.skipped;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (outcome.failed > 0) await print(`${tail(outcome.output)}\n`);
    const skippedWord = outcome.skipped > 0 ? `, ${outcome.skipped} skipped` : "";
    await print(
      `${step.name.padEnd(7)}  ${outcome.failed > 0 ? "FAILED" : "ok"}: ${outcome.passed} passed, ${outcome.failed} failed${skippedWord} (${seconds} s)\n`,
    );
    if (outcome.note !== undefined) await print(`         ${outcome.note}\n`);
  }
  await print(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
  return failed > 0 ? EXIT_FAULT : EXIT_OK;
}

async function guarded(step: Step, root: string): Promise<Outcome> {
  try {
    return await step.run(root, say);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { passed: 0, failed: 1, skipped: 0, output: `${text}\n` };
  }
}

function tail(output: string): string {
  const text = output.trimEnd();
  return text.length <= SHOWN_BYTES ? text : `… ${text.slice(-SHOWN_BYTES)}`;
}
