import { StringDecoder } from "node:string_decoder";
import { withoutTail } from "../../kit/trim.ts";

/**
 * Terminal sequences of ECMA-48: CSI, OSC and other strings, two-character ones. A string has a limit: a guest that
 * begins many and ends none would have each searched to the end.
 */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]{0,1024}(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[\x80-\x9f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same.
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g;
/** A sequence that has only begun. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same.
const BEGUN = /\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]{0,200}\x1b?|[ -/]*)?$/;
/** A line without end is cut here (characters). */
const LONGEST = 16 << 10;

/** What a terminal would show, without colours and cursor movements; a line that was written over shows its last state. */
export function cleanConsole(text: string): string {
  return text
    .replace(SEQUENCES, "")
    .split("\n")
    .map(lastWritten)
    .map((line) => line.replace(CONTROLS, "").trimEnd())
    .join("\n");
}

/** What stands behind the last `\r` that something follows. */
function lastWritten(line: string): string {
  const written = withoutTail(line, "\r");
  return written.slice(written.lastIndexOf("\r") + 1);
}

/** Cuts what a console prints into clean lines, however its bytes are split. */
export class ConsoleLines {
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";

  push(bytes: Uint8Array): string[] {
    this.#rest += this.#decoder.write(Buffer.from(bytes));
    const begun = BEGUN.exec(this.#rest);
    const whole = begun ? this.#rest.slice(0, begun.index) : this.#rest;
    const cut = whole.lastIndexOf("\n") + 1;
    const end = whole.length - cut > LONGEST ? whole.length : cut;
    if (end === 0) return [];
    const lines = cleanConsole(this.#rest.slice(0, end).replace(/\n$/, "")).split("\n");
    this.#rest = this.#rest.slice(end);
    return lines;
  }

  /** The line that is being written, such as a prompt. */
  get open(): string {
    return cleanConsole(this.#rest);
  }
}
