import { damaged, type Named } from "./fault.ts";
import { checkName } from "./limits.ts";

/** One value of a header's JSON, asked for what it should be. Throws `E_LUKS_JSON` with the value's path. */
export class Json {
  readonly #source: Named;
  readonly #path: string;
  readonly #value: unknown;

  constructor(source: Named, path: string, value: unknown) {
    this.#source = source;
    this.#path = path;
    this.#value = value;
  }

  /** What is wrong with this value. */
  fault(what: string) {
    return damaged(this.#source, "JSON", JSON_AREA, `${this.#path || "the JSON area"} ${what}`);
  }

  get isThere(): boolean {
    return this.#value !== undefined;
  }

  at(key: string): Json {
    const record = this.#record();
    // Keys such as __proto__ are nobody's.
    const value = Object.hasOwn(record, key) ? record[key] : undefined;
    return new Json(this.#source, this.#path === "" ? key : `${this.#path}.${key}`, value);
  }

  /** Keys are numbers in text; in their order. cryptsetup makes 32 key slots at most, 8 digests, 16 segments. */
  numbered(): readonly (readonly [number, Json])[] {
    const keys = Object.keys(this.#record());
    if (keys.length > 64) throw this.fault(`has ${keys.length} entries`);
    for (const key of keys) if (!/^(?:0|[1-9]\d{0,3})$/.test(key)) throw this.fault(`has a key ${quoted(key)}`);
    return keys
      .map(Number)
      .toSorted((a, b) => a - b)
      .map((key) => [key, this.at(String(key))] as const);
  }

  text(): string {
    if (typeof this.#value === "string" && this.#value.length <= 1024) return this.#value;
    throw this.fault("is no text");
  }

  /** A cipher's or hash's name. */
  name(): string {
    const name = this.text();
    checkName(this.#source, JSON_AREA, name);
    return name;
  }

  texts(): readonly string[] {
    const { size, list } = this.#list();
    if (size > 1024) throw this.fault(`has ${size} elements`);
    return list.map((each) => each.text());
  }

  /** A whole number in `[least, most]`. */
  integer(least: number, most: number): number {
    const value = this.#value;
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    throw this.fault(`is no whole number between ${least} and ${most}: ${quoted(value)}`);
  }

  /** 64 bits are decimal digits in text. */
  bytes(): number {
    const text = this.text();
    const value = /^\d{1,20}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value)) return value;
    throw this.fault(`is no number of bytes: ${quoted(text)}`);
  }

  base64(least: number, most: number): Uint8Array {
    const text = this.text();
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) throw this.fault("is no base64");
    const value = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
    if (value.length >= least && value.length <= most) return value;
    throw this.fault(`has ${value.length} bytes`);
  }

  #record(): Readonly<Record<string, unknown>> {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw this.fault("is no object");
    return value as Readonly<Record<string, unknown>>;
  }

  #list(): { readonly size: number; readonly list: readonly Json[] } {
    const value = this.#value;
    if (!Array.isArray(value)) throw this.fault("is no list");
    const list = value.slice(0, 1024).map((each, at) => new Json(this.#source, `${this.#path}[${at}]`, each));
    return { size: value.length, list };
  }
}

/** Behind the binary header. */
const JSON_AREA = 4096;

const quoted = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 64);
