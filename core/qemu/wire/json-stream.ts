import { parseJson } from "../../kit/depth.ts";
/** A JSON object as a peer sends it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What one line of a peer was. */
export type JsonItem =
  /** `delimited`: a byte 0xFF stood before it, which marks the answer to the guest agent's `guest-sync-delimited`. */
  | { readonly kind: "message"; readonly value: JsonObject; readonly delimited: boolean }
  /** No JSON object; `text` is its head. */
  | { readonly kind: "garbage"; readonly text: string }
  /** More than the limit without an end; the rest of the line is dropped. */
  | { readonly kind: "oversize" };

const NEWLINE = 0x0a;
/** Never part of UTF-8. The guest agent's protocol discards whatever stood before it. */
const SENTINEL = 0xff;
const HEAD = 200;
/** Bytes of room that are kept between lines. */
const SMALL = 4 << 10;

/**
 * One JSON object a line, as QMP and the guest agent speak, out of chunks that split and join lines anywhere, within a
 * UTF-8 character as well. It holds at most `limit` bytes of one line, however small the chunks are.
 */
export class JsonStream {
  readonly #limit: () => number;
  #line = Buffer.alloc(SMALL);
  #held = 0;
  #delimited = false;
  #dropping = false;

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /** The lines that this chunk ends. */
  push(chunk: Uint8Array): JsonItem[] {
    const items: JsonItem[] = [];
    for (let at = 0; at < chunk.length; ) {
      const newline = chunk.indexOf(NEWLINE, at);
      const end = newline < 0 ? chunk.length : newline;
      this.#hold(chunk.subarray(at, end), items);
      if (newline >= 0) this.#endLine(items);
      at = end + 1;
    }
    return items;
  }

  #hold(bytes: Uint8Array, items: JsonItem[]): void {
    const sentinel = bytes.lastIndexOf(SENTINEL);
    if (sentinel >= 0) {
      this.#startLine();
      this.#delimited = true;
    }
    const part = bytes.subarray(sentinel + 1);
    if (this.#dropping || part.length === 0) return;
    if (this.#held + part.length > this.#limit()) {
      this.#startLine();
      this.#dropping = true;
      items.push({ kind: "oversize" });
      return;
    }
    this.#append(part);
  }

  /** A copy, since the chunk's memory is the socket's: into room that doubles, for a peer may send byte by byte. */
  #append(part: Uint8Array): void {
    const needed = this.#held + part.length;
    if (needed > this.#line.length) {
      const larger = Buffer.alloc(Math.max(needed, this.#line.length * 2));
      larger.set(this.#line.subarray(0, this.#held));
      this.#line = larger;
    }
    this.#line.set(part, this.#held);
    this.#held = needed;
  }

  #endLine(items: JsonItem[]): void {
    const text = this.#dropping ? "" : this.#line.toString("utf8", 0, this.#held).trim();
    if (text !== "") items.push(parse(text, this.#delimited));
    this.#startLine();
  }

  #startLine(): void {
    if (this.#line.length > SMALL) this.#line = Buffer.alloc(SMALL);
    this.#held = 0;
    this.#delimited = false;
    this.#dropping = false;
  }
}

function parse(text: string, delimited: boolean): JsonItem {
  try {
    const value: unknown = parseJson(text);
    if (isObject(value)) return { kind: "message", value, delimited };
  } catch {
    // Told as garbage below.
  }
  return { kind: "garbage", text: text.slice(0, HEAD) };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
