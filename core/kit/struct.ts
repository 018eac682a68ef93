import { GuestkitError } from "./errors.ts";

/** One field of an on-disk structure: where it stands and how it is read. */
export interface Field<T> {
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
  readonly read: (view: DataView, at: number, little: boolean) => T;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type Decoded<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

/** A declared on-disk structure of `size` bytes. */
export interface Struct<F extends Fields> {
  readonly name: string;
  readonly size: number;
  /** A lazy view on `bytes` at `offset`. Throws `E_STRUCT_TRUNCATED` where fewer than `size` bytes are left. */
  readonly decode: (bytes: Uint8Array, offset?: number) => Decoded<F>;
}

/** Declares a structure with explicit offsets; its fields become getters, read when asked for. */
export function struct<F extends Fields>(name: string, endian: "little" | "big", size: number, fields: F): Struct<F> {
  const little = endian === "little";
  class Decoder {
    readonly view: DataView;
    readonly at: number;
    constructor(view: DataView, at: number) {
      this.view = view;
      this.at = at;
    }
  }
  for (const [key, field] of Object.entries(fields)) {
    if (field.offset + field.size > size) throw new RangeError(`${name}.${key} ends past ${size}`);
    Object.defineProperty(Decoder.prototype, key, {
      enumerable: true,
      get(this: Decoder) {
        return field.read(this.view, this.at + field.offset, little);
      },
    });
  }
  const decode = (bytes: Uint8Array, offset = 0) => {
    if (offset < 0 || offset + size > bytes.length) throw truncated(name, size, bytes.length - offset);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new Decoder(view, offset) as unknown as Decoded<F>;
  };
  return { name, size, decode };
}

function truncated(name: string, size: number, left: number): GuestkitError {
  return new GuestkitError(
    "E_STRUCT_TRUNCATED",
    `Cannot read ${name}: it takes ${size} bytes and ${Math.max(left, 0)} are left`,
  );
}

const field = <T>(
  offset: number,
  size: number,
  read: (view: DataView, at: number, little: boolean) => T,
): Field<T> => ({ offset, size, read });

export const u8 = (offset: number) => field(offset, 1, (v, at) => v.getUint8(at));
export const u16 = (offset: number) => field(offset, 2, (v, at, le) => v.getUint16(at, le));
export const u32 = (offset: number) => field(offset, 4, (v, at, le) => v.getUint32(at, le));
export const i32 = (offset: number) => field(offset, 4, (v, at, le) => v.getInt32(at, le));

/** 64 bits as a safe integer; throws `E_NUMBER_RANGE` past 2^53. */
export const u64 = (offset: number) => field(offset, 8, readU64);

/** 64 bits of flags or an id. */
export const bits64 = (offset: number) => field(offset, 8, (v, at, le) => v.getBigUint64(at, le));

/** A view (no copy) on `length` bytes. */
export const bytes = (offset: number, length: number) =>
  field(offset, length, (v, at) => new Uint8Array(v.buffer, v.byteOffset + at, length));

/** Text up to the first NUL, at most `length` bytes, as UTF-8 (lossy). */
export const cstring = (offset: number, length: number) =>
  field(offset, length, (v, at) => decodeCString(new Uint8Array(v.buffer, v.byteOffset + at, length)));

/** A 16-byte UUID in big-endian order (RFC 9562), lower case. */
export const uuid = (offset: number) =>
  field(offset, 16, (v, at) => formatUuid(new Uint8Array(v.buffer, v.byteOffset + at, 16)));

/** A 16-byte GUID in Microsoft's mixed order (UEFI 2.10, appendix A), lower case. */
export const guid = (offset: number) =>
  field(offset, 16, (v, at) => formatGuid(new Uint8Array(v.buffer, v.byteOffset + at, 16)));

export function readU64(view: DataView, at: number, little: boolean): number {
  const high = view.getUint32(little ? at + 4 : at, little);
  if (high > 0x1fffff) {
    throw new GuestkitError("E_NUMBER_RANGE", `Cannot read a 64-bit number at ${at}: it is past 2^53`);
  }
  return high * 0x1_0000_0000 + view.getUint32(little ? at : at + 4, little);
}

/** Made with the first text: many structs have none. */
let utf8: InstanceType<typeof TextDecoder> | undefined;

function decodeCString(raw: Uint8Array): string {
  const end = raw.indexOf(0);
  utf8 ??= new TextDecoder();
  return utf8.decode(end < 0 ? raw : raw.subarray(0, end));
}

/** Two hexadecimal digits a byte, lower case. */
export function hexOf(raw: Uint8Array): string {
  let text = "";
  for (const byte of raw) text += byte.toString(16).padStart(2, "0");
  return text;
}

export function formatUuid(raw: Uint8Array): string {
  const hex = hexOf(raw);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

function formatGuid(raw: Uint8Array): string {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return formatUuid(Uint8Array.from(order, (index) => raw[index] ?? 0));
}
