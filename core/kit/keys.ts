import { GuestkitError } from "./errors.ts";
import { hideSecrets } from "./secrets.ts";

/** What opens an encrypted device: a passphrase (its UTF-8 bytes), bytes, or a file that is read whole. */
export type Key = string | Uint8Array | { readonly file: string };

/** A LUKS header that stands in a file of its own, apart from the device that it is of. */
export interface DetachedHeader {
  readonly header: string;
}

export type Opener = Key | DetachedHeader;

/** Keys by what they open: a device by any of its names, a UUID, or `*` for any; a header by its device. */
export type Keys = Readonly<Record<string, Opener | readonly Opener[]>>;

export const isHeader = (opener: Opener): opener is DetachedHeader => typeof opener === "object" && "header" in opener;

/** Selects every device. */
export const ANY = "*";

const HELP = 'As in { "*": { "passphrase": "..." } } or { "/dev/sda2": { "file": "/run/key" } }.';

/**
 * Keys as declarations have them, each a passphrase or a file, or both, with a header beside it or none; what is null or not known yet counts as not given. From here
 * on no message shows the passphrases. Throws `E_KEYS`, which repeats nothing of them.
 */
export function readKeys(value: unknown): Keys | null {
  if (isOpen(value)) return null;
  if (!isMap(value)) throw wrong("they are no map");
  const keys = Object.entries(value).map(([selector, each]) => [selector, keysOf(selector, each)] as const);
  hideSecrets(keys.flatMap(([, each]) => each.filter((key) => typeof key === "string")));
  return Object.fromEntries(keys);
}

const FIELDS = ["passphrase", "file", "header"] as const;

function keysOf(selector: string, value: unknown): readonly Opener[] {
  if (isOpen(value)) return [];
  if (!isMap(value)) throw wrong(`that of "${selector}" is neither a passphrase nor a file`);
  const other = Object.keys(value).find((name) => !FIELDS.some((each) => each === name));
  if (other !== undefined) throw wrong(`that of "${selector}" has a field that is none of ${FIELDS.join(", ")}`);
  const [passphrase, file, header] = FIELDS.map((name) => textOf(selector, name, value[name]));
  if (header && selector === ANY) throw wrong(`a header is one device's, and "${ANY}" is any`);
  return [...(passphrase ? [passphrase] : []), ...(file ? [{ file }] : []), ...(header ? [{ header }] : [])];
}

/** Not given, or not known yet. */
const isOpen = (value: unknown): boolean => value === null || value === undefined || typeof value === "symbol";

function textOf(selector: string, name: string, value: unknown): string {
  if (typeof value === "string" || isOpen(value)) return typeof value === "string" ? value : "";
  throw wrong(`the ${name} of "${selector}" is no text: write it in quotes`);
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const wrong = (what: string) => new GuestkitError("E_KEYS", `Cannot use the keys: ${what}`, { help: HELP });
