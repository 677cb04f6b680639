// npm runs commands in the project's folder; what a user types is relative to where the user stands.

import { resolve } from "node:path";

export function userPath(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}
