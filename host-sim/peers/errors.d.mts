export interface WordErrorRate {
  /** Per cent, and the 95 % interval of it. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  readonly words: number;
}
export function wordErrors(words: string, heard: string): { errors: number; words: number };
export function wordErrorRate(pairs: readonly { words: string; heard: string }[]): WordErrorRate;
