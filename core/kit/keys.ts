import { GuestkitError } from "./errors.ts";
import { hideSecrets } from "./secrets.ts";

/** What opens an encrypted device: a passphrase (its UTF-8 bytes), bytes, or a file that is read whole. */
export type Key = string | Uint8Array | { readonly file: string };

/** Keys by what they open: a device by any of its names, a UUID, or `*` for any. */
export type Keys = Readonly<Record<string, Key | readonly Key[]>>;

const HELP = 'As in { "*": { "passphrase": "..." } } or { "/dev/sda2": { "file": "/run/key" } }.';

/**
 * Keys as declarations have them, each a passphrase or a file; what is null or not known yet counts as not given. From here
 * on no message shows the passphrases. Throws `E_KEYS`, which repeats nothing of them.
 */
export function readKeys(value: unknown): Keys | null {
  if (isOpen(value)) return null;
  if (!isMap(value)) throw wrong("they are no map");
  const keys = Object.entries(value).map(([selector, each]) => [selector, keysOf(selector, each)] as const);
  hideSecrets(keys.flatMap(([, each]) => each.filter((key) => typeof key === "string")));
  return Object.fromEntries(keys);
}

function keysOf(selector: string, value: unknown): readonly Key[] {
  if (isOpen(value)) return [];
  if (!isMap(value)) throw wrong(`that of "${selector}" is neither a passphrase nor a file`);
  const other = Object.keys(value).find((name) => name !== "passphrase" && name !== "file");
  if (other !== undefined) throw wrong(`that of "${selector}" has a field that is neither passphrase nor file`);
  const [passphrase, file] = ["passphrase", "file"].map((name) => textOf(selector, name, value[name]));
  return [...(passphrase ? [passphrase] : []), ...(file ? [{ file }] : [])];
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
