// The released model.

import { join } from "node:path";

export function releasedModel(root: string): string {
  return join(root, "models", "earshot.esm");
}
