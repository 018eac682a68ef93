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

/**
 * One JSON object a line, as QMP and the guest agent speak, out of chunks that split and join lines anywhere, within a
 * UTF-8 character as well. It holds at most `limit` bytes of one line.
 */
export class JsonStream {
  readonly #limit: number;
  #parts: Uint8Array[] = [];
  #held = 0;
  #delimited = false;
  #dropping = false;

  constructor(limit: number) {
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
    if (this.#held + part.length > this.#limit) {
      this.#startLine();
      this.#dropping = true;
      items.push({ kind: "oversize" });
      return;
    }
    // A copy: the chunk's memory is the socket's.
    this.#parts.push(part.slice());
    this.#held += part.length;
  }

  #endLine(items: JsonItem[]): void {
    const text = this.#dropping ? "" : Buffer.concat(this.#parts, this.#held).toString("utf8").trim();
    if (text !== "") items.push(parse(text, this.#delimited));
    this.#startLine();
  }

  #startLine(): void {
    this.#parts = [];
    this.#held = 0;
    this.#delimited = false;
    this.#dropping = false;
  }
}

function parse(text: string, delimited: boolean): JsonItem {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { kind: "message", value, delimited };
  } catch {
    // Told as garbage below.
  }
  return { kind: "garbage", text: text.slice(0, HEAD) };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
