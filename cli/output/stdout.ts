import { writeSync } from "node:fs";
import { GuestkitError, reasonOf, systemFault } from "@guestkit/core/kit";
import { calm } from "./json.ts";

const encoder = new TextEncoder();
/** How much text is gathered before it is written (UTF-16 units). */
const BATCH = 128 << 10;
/** Pause before a full pipe that does not block is tried again (ms). */
const PAUSE = 2;
const nap = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes all of it to standard output, waiting while a reader is slow: nothing piles up in memory.
 * Throws EPIPE where the reader has gone.
 */
export function writeOut(data: string | Uint8Array): void {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  for (let done = 0; done < bytes.length; ) done += writeSome(bytes, done);
}

function writeSome(bytes: Uint8Array, offset: number): number {
  try {
    return writeSync(1, bytes, offset, bytes.length - offset);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EPIPE") throw error;
    if (code !== "EAGAIN") throw unwritten(error);
    Atomics.wait(nap, 0, 0, PAUSE);
    return 0;
  }
}

function unwritten(cause: unknown): GuestkitError {
  const code = systemFault(cause)?.code ?? "E_OUTPUT";
  return new GuestkitError(code, `Cannot write to standard output: ${reasonOf(cause)}`, {
    cause,
    help: "Look where it goes, and make room there: df -h",
  });
}

/** Gathers small texts for standard output. */
export class TextOut {
  #text = "";

  write(text: string): void {
    if (this.add(text)) this.flush();
  }

  /** Gathers it alone, and gives whether there is enough to be written. */
  add(text: string): boolean {
    this.#text += text;
    return this.#text.length >= BATCH;
  }

  flush(): void {
    writeOut(this.#text);
    this.#text = "";
  }
}

const DELETE = 0x7f;

/** One JSON document. With a byte for each character it is ASCII, of which a terminal minds but one that JSON leaves as it is. */
export function writeJson(value: unknown): void {
  const json = `${JSON.stringify(value, null, 2)}\n`;
  const bytes = encoder.encode(json);
  writeOut(bytes.length === json.length && !bytes.includes(DELETE) ? bytes : calm(json));
}
