// The released models: sounds to words, words to intents.

import { join } from "node:path";

export function releasedModel(root: string): string {
  return join(root, "models", "earshot.esm");
}

export function releasedUnderstanding(root: string): string {
  return join(root, "models", "understanding.esu");
}
