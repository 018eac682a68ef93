import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";

/** What a header names: a file, how it is to be read, and which part of it. */
export interface ImageReference {
  /** A path, absolute or relative to the file that names it. */
  readonly filename: string;
  /** A format's name; null where it is not said. */
  readonly format: string | null;
  /** Bytes into the file at which a raw image starts. */
  readonly offset: number;
  /** Bytes of a raw image; null up to the file's end. */
  readonly size: number | null;
}

/**
 * The file that `text` names in QEMU's way: a path, `file:` and a path, or `json:` and the options of a block device.
 * `format` is what the header says beside it and goes before the driver named in JSON.
 * Throws `E_IMAGE_REFERENCE` where it is no file or has options that would change what is read.
 */
export function parseReference(text: string, format: string | null, namedBy: string): ImageReference {
  if (text.startsWith("json:")) return parseJson(text.slice(5), format, namedBy);
  return { filename: parsePath(text, namedBy), format, offset: 0, size: null };
}

/** Such a name is there to write lines of its own into messages. */
const CONTROL = /\p{Cc}/u;

/** As QEMU tells them apart: a colon before the first slash ends a protocol's name. */
function parsePath(text: string, namedBy: string): string {
  if (CONTROL.test(text)) throw refuse(namedBy, `it names "${printable(text)}", which no file of a person's is called`);
  const protocol = /^([^/:]*):/.exec(text)?.[1];
  if (protocol === undefined && text !== "") return text;
  if (protocol === "file" && text.length > 5) return text.slice(5);
  const what =
    text === "" ? "an empty name" : `"${printable(text)}", which is no file (protocol "${printable(protocol ?? "")}")`;
  throw refuse(
    namedBy,
    `it names ${what}`,
    "Copy it to a file and point the image at that: qemu-img rebase -u -b FILE -F FORMAT IMAGE",
  );
}

/** Format drivers have the file below them; file drivers are it. */
const FILE_DRIVERS: readonly unknown[] = ["file", "host_device"];

/** Options about access and caching: they never change what is read. */
const HARMLESS =
  /^(node-name|read-only|auto-read-only|force-share|discard|detect-zeroes|cache|cache\..*|locking|aio|aio-max-batch|drop-cache|pr-manager|x-check-cache-dropped|lazy-refcounts|overlap-check(\..*)?|pass-discard-.*|discard-no-unref|(l2-|refcount-)?cache-.*)$/;

type Options = ReadonlyMap<string, unknown>;

function parseJson(text: string, format: string | null, namedBy: string): ImageReference {
  const options = flatten(parseObject(text, namedBy));
  const driver = options.get("driver");
  const isFile = FILE_DRIVERS.includes(driver);
  const prefix = isFile ? "" : "file.";
  checkOptions(options, prefix, namedBy);
  const own = isFile ? "raw" : textOption(options, "driver", namedBy);
  const chosen = format ?? own;
  const offset = byteOption(options, "offset", namedBy) ?? 0;
  const size = byteOption(options, "size", namedBy);
  if ((offset > 0 || size !== null) && chosen !== "raw") {
    throw refuse(namedBy, `it names a ${chosen ?? "probed"} image with offset or size, which only raw ones have`);
  }
  const filename = textOption(options, `${prefix}filename`, namedBy);
  if (!filename) throw refuse(namedBy, `it names JSON without "${prefix}filename": ${printable(text)}`);
  return { filename: parsePath(filename, namedBy), format: chosen, offset, size };
}

function parseObject(text: string, namedBy: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    throw refuse(namedBy, `it names JSON that is none: ${printable(text)}`, undefined, cause);
  }
  throw refuse(namedBy, `it names JSON that is no object: ${printable(text)}`);
}

/** `{"file": {"driver": "file"}}` and `{"file.driver": "file"}` say the same. */
function flatten(value: object, prefix = ""): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [key, option] of Object.entries(value)) {
    const nested = typeof option === "object" && option !== null ? flatten(option, `${prefix}${key}.`) : undefined;
    if (nested) for (const [name, inner] of nested) flat.set(name, inner);
    else flat.set(prefix + key, option);
  }
  return flat;
}

function checkOptions(options: Options, prefix: string, namedBy: string): void {
  const known = ["driver", "offset", "size", `${prefix}driver`, `${prefix}filename`];
  for (const name of options.keys()) {
    const bare = name.startsWith("file.") ? name.slice(5) : name;
    if (known.includes(name) || HARMLESS.test(bare)) continue;
    throw refuse(namedBy, `it names an image with the option "${printable(name)}", which is not understood`);
  }
  const driver = options.get(`${prefix}driver`);
  if (driver === undefined || FILE_DRIVERS.includes(driver)) return;
  throw refuse(namedBy, `it names an image behind the driver "${printable(String(driver))}", which is no file`);
}

function textOption(options: Options, name: string, namedBy: string): string | null {
  const value = options.get(name) ?? null;
  if (value === null || typeof value === "string") return value;
  throw refuse(namedBy, `"${name}" in the JSON that it names is no text`);
}

function byteOption(options: Options, name: string, namedBy: string): number | null {
  const value = options.get(name) ?? null;
  if (value === null) return null;
  const bytes = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof bytes === "number" && Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw refuse(namedBy, `"${name}" in the JSON that it names is no number of bytes`);
}

function refuse(namedBy: string, what: string, help?: string, cause?: unknown): GuestkitError {
  const message = `Cannot open "${namedBy}": ${what}`;
  return new GuestkitError("E_IMAGE_REFERENCE", message, { at: { file: namedBy }, help, cause });
}
