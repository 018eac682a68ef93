import { GuestkitError } from "../kit/errors.ts";

/** What came of a job. */
export interface Report {
  /** The script's exit code. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What it wrote to /sent/files, by path below it. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** No disk was held any more when it was written. */
  readonly isClean: boolean;
}

const HEADER = 110;
const TRAILER = "TRAILER!!!";
/** PATH_MAX. */
const LONGEST_NAME = 4096;
/** Bytes that a job may leave, all in all: half of what a small appliance has as memory. */
const LARGEST = 256 << 20;
const TYPE = 0o170000;
const REGULAR = 0o100000;

/** Takes the archive that a job ends with ("newc", as the kernel's initramfs) in pieces of any size. */
export class ReportReader {
  readonly #files = new Map<string, Uint8Array>();
  #pieces: Uint8Array[] = [];
  #held = 0;
  #total = 0;
  /** Bytes that the next step takes. */
  #needed = HEADER;

  /** The report, once its end has come. Throws `E_APPLIANCE_REPORT` of what is none. */
  push(given: Uint8Array): Report | null {
    // Archives are padded with zeros: what came behind the last one's end.
    const piece = this.#total > 0 ? given : withoutZeros(given);
    this.#total += piece.length;
    if (this.#total > LARGEST) throw fault(`it has more than ${LARGEST} bytes`);
    this.#pieces.push(piece);
    this.#held += piece.length;
    if (this.#held < this.#needed) return null;
    return this.#take(Buffer.concat(this.#pieces, this.#held));
  }

  #take(given: Uint8Array): Report | null {
    let bytes = given;
    for (;;) {
      const entry = readEntry(bytes);
      if (typeof entry === "number") {
        [this.#pieces, this.#held, this.#needed] = [[bytes], bytes.length, entry];
        return null;
      }
      if (entry.name === TRAILER) return this.#report();
      if (entry.data) this.#files.set(entry.name, entry.data);
      bytes = bytes.subarray(entry.length);
    }
  }

  #report(): Report {
    const text = (name: string) => new TextDecoder().decode(this.#files.get(name));
    const code = Number(text("code").trim() || Number.NaN);
    if (!Number.isInteger(code)) throw fault("it has no exit code");
    const below = [...this.#files].filter(([name]) => name.startsWith("files/"));
    return {
      code,
      stdout: text("stdout"),
      stderr: text("stderr"),
      files: new Map(below.map(([name, bytes]) => [name.slice("files/".length), bytes])),
      isClean: this.#files.has("clean"),
    };
  }
}

interface Entry {
  readonly name: string;
  /** Null of what is no file. */
  readonly data: Uint8Array | null;
  /** Bytes of all of it. */
  readonly length: number;
}

/** The entry at the start, or how many bytes are needed to tell. */
function readEntry(bytes: Uint8Array): Entry | number {
  if (bytes.length < HEADER) return HEADER;
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, HEADER));
  if (!/^070701[0-9a-fA-F]{104}$/.test(head)) throw fault("it is no archive");
  const field = (at: number) => Number.parseInt(head.slice(6 + 8 * at, 14 + 8 * at), 16);
  const [mode, size, nameSize] = [field(1), field(6), field(11)];
  if (nameSize < 1 || nameSize > LONGEST_NAME || size > LARGEST) throw fault("an entry of it has no possible size");
  const start = aligned(HEADER + nameSize);
  const length = aligned(start + size);
  if (bytes.length < length) return length;
  const name = new TextDecoder().decode(bytes.subarray(HEADER, HEADER + nameSize - 1)).replace(/^\.\//, "");
  return { name, data: (mode & TYPE) === REGULAR ? bytes.slice(start, start + size) : null, length };
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  return start < 0 ? bytes.subarray(bytes.length) : bytes.subarray(start);
}

const aligned = (length: number): number => Math.ceil(length / 4) * 4;

const fault = (why: string): GuestkitError =>
  new GuestkitError("E_APPLIANCE_REPORT", `Cannot read the appliance's report: ${why}`, {
    help: "The job's own output may have run over its memory: give it more, or write less to /sent/files.",
  });
