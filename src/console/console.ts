// The interpreter of console lines: checks a line, finds its command, writes the reply.

import { type Answer, type Command, type ConsoleDevice, ConsoleError, shown } from "./command";
import { COMMANDS } from "./commands/index";

export interface ConsolePort {
  /** `letters`: how long the line came in; its end is missing when it found no room. */
  onLine(handler: (line: string, json: boolean, letters?: number) => string): void;
}

/** Longer lines are refused: no command needs them. */
export const MAX_LINE_LENGTH = 256;

export class Console {
  readonly #device: ConsoleDevice;
  readonly #commands: readonly Command[];
  /** Who takes the next line in place of the commands, and the name of the command that it belongs to. */
  #follow: Answer["follow"];
  #followed = "";

  constructor(device: ConsoleDevice, commands: readonly Command[] = COMMANDS) {
    this.#device = device;
    this.#commands = commands;
  }

  /** The whole reply, lines joined by a line feed, without one at its end. Never throws. */
  reply(line: string, json: boolean, letters = line.length): string {
    let name = "";
    try {
      const words = parseLine(line, letters);
      if (words.length === 0 && this.#follow === undefined) return json ? okJson("", {}) : "ok";
      name = this.#follow === undefined ? (words[0] as string).toLowerCase() : this.#followed;
      const answer = this.#follow?.(line) ?? this.#run(name, words.slice(1));
      this.#follow = answer.follow;
      this.#followed = name;
      return json ? okJson(name, answer.data ?? {}) : [...answer.lines, "ok"].join("\n");
    } catch (error) {
      const { code, reason } = describe(error);
      if (code === "failed") this.#device.log.write("console", `${name} failed: ${reason}`);
      if (!json) return `error ${code} ${reason}`;
      return JSON.stringify({ type: "reply", command: code === "unknown" ? "" : name, ok: false, code, reason });
    }
  }

  #run(name: string, args: readonly string[]): Answer {
    const command = this.#commands.find((candidate) => candidate.name === name);
    if (command === undefined) {
      throw new ConsoleError("unknown", `there is no command ${shown(name)}; help lists them`);
    }
    if (args.length > command.most) {
      const usage = command.usage === "" ? "no arguments" : command.usage;
      throw new ConsoleError("bad-argument", `${name} takes ${usage}; found ${shown(args.join(" "))}`);
    }
    return command.run(args, this.#device, this.#commands);
  }
}

function okJson(command: string, data: object): string {
  return JSON.stringify({ type: "reply", command, ok: true, ...data });
}

function describe(error: unknown): { code: string; reason: string } {
  if (error instanceof ConsoleError) return { code: error.code, reason: error.message };
  return { code: "failed", reason: error instanceof Error ? error.message : String(error) };
}

/** The words of a line, which one or more spaces or tabs part. */
function parseLine(line: string, letters: number): string[] {
  if (letters > MAX_LINE_LENGTH) {
    throw new ConsoleError("too-long", `a line holds at most ${MAX_LINE_LENGTH} characters, this one ${letters}`);
  }
  const words: string[] = [];
  let word = "";
  let position = 0;
  for (const char of line) {
    position++;
    if (char === " " || char === "\t" || char === "\r" || char === "\n") {
      if (word !== "") words.push(word);
      word = "";
    } else if (isText(char.codePointAt(0) as number)) {
      word += char;
    } else {
      throw new ConsoleError("not-text", `character ${position} of the line is not text`);
    }
  }
  if (word !== "") words.push(word);
  return words;
}

/** No control characters, and not the mark that stands where bytes were not UTF-8. */
function isText(code: number): boolean {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
  return code !== 0xfffd && code !== 0xfeff && !(code >= 0xd800 && code <= 0xdfff);
}
