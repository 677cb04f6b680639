// Word error rate. In: pairs of { words, heard }. Out: rate in per cent and its 95 % interval, by drawing utterances
// again 1,000 times with a fixed seed.
const DRAWS = 1000;

const split = (text) => text.split(" ").filter(Boolean);

/** Substitutions, deletions and insertions of the best alignment. */
export function wordErrors(words, heard) {
  const [reference, other] = [split(words), split(heard)];
  let row = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (const [i, word] of reference.entries()) {
    const next = [i + 1];
    for (const [j, guess] of other.entries()) {
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (word === guess ? 0 : 1)));
    }
    row = next;
  }
  return { errors: row[other.length], words: reference.length };
}

/** Numbers in [0, 1), the same for every run (mulberry32). */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const percent = (counts) =>
  (100 * counts.reduce((sum, c) => sum + c.errors, 0)) /
  Math.max(
    1,
    counts.reduce((sum, c) => sum + c.words, 0),
  );

export function wordErrorRate(pairs) {
  const counts = pairs.map(({ words, heard }) => wordErrors(words, heard));
  const random = seeded(1);
  const draws = Array.from({ length: DRAWS }, () =>
    percent(counts.map(() => counts[Math.floor(random() * counts.length)])),
  );
  draws.sort((a, b) => a - b);
  return {
    rate: percent(counts),
    low: draws[Math.floor(0.025 * DRAWS)] ?? 0,
    high: draws[Math.floor(0.975 * DRAWS)] ?? 0,
    words: counts.reduce((sum, c) => sum + c.words, 0),
  };
}
