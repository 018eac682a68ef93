import type { Tree } from "../../../filesystem/tree.ts";
import type { User } from "../../accounts.ts";
import { keyFile, keyPlaces } from "../../authorized-keys.ts";
import type { SshdLine } from "../../sshd-config.ts";
import { withoutLogins } from "../../without-logins.ts";

/** A public key as `ssh-keygen -l` tells it; the key itself is not told. */
export interface PublicKey {
  /** `ssh-ed25519`. */
  readonly type: string;
  /** Null of a type that is not known. */
  readonly bits: number | null;
  /** `SHA256:...`. */
  readonly fingerprint: string;
  /** Null where it has none. */
  readonly comment: string | null;
}

export interface AuthorizedKey extends PublicKey {
  readonly user: string;
  readonly file: string;
  /** `no-pty`, `command="..."`, `from="..."`; what environment is set to is left out. */
  readonly options: readonly string[];
}

export interface HostKey extends PublicKey {
  /** Of the private key. */
  readonly file: string;
}

/** Keys that let somebody in, where sshd looks for them (AuthorizedKeysFile). Many users may have one file. */
export async function readAuthorizedKeys(
  tree: Tree,
  users: readonly User[],
  lines: readonly SshdLine[],
): Promise<readonly AuthorizedKey[]> {
  const { files } = keyPlaces(lines);
  const known = new Map<string, readonly FileKey[]>();
  const found: AuthorizedKey[] = [];
  for (const user of users) {
    for (const file of new Set(files.map((place) => keyFile(place, user)))) {
      const keys = known.get(file) ?? (await keysIn(tree, file));
      known.set(file, keys);
      tree.budget.spend("entries", 1 + keys.length, file);
      for (const key of keys) found.push({ user: user.name, ...key });
    }
  }
  return found;
}

type FileKey = Omit<AuthorizedKey, "user">;

async function keysIn(tree: Tree, file: string): Promise<readonly FileKey[]> {
  const keys: FileKey[] = [];
  for (const line of ((await tree.readText(file)) ?? "").split("\n")) {
    const key = parseAuthorizedKey(line);
    if (key) keys.push({ file, type: key.type, ...(await told(key.blob)), comment: key.comment, options: key.options });
  }
  return keys;
}

const HOST_KEY = /^ssh_host_.+_key\.pub$/;

/** Public halves of host keys. */
export async function readHostKeys(tree: Tree, lines: readonly SshdLine[]): Promise<readonly HostKey[]> {
  const own = (await tree.names("/etc/ssh")).filter((name) => HOST_KEY.test(name)).map((name) => `/etc/ssh/${name}`);
  const named = lines.filter(({ keyword }) => keyword === "hostkey").map(({ values }) => `${values[0]}.pub`);
  const found: HostKey[] = [];
  for (const path of new Set([...own, ...named])) {
    const key = parseAuthorizedKey(((await tree.readText(path)) ?? "").split("\n")[0] ?? "");
    if (key) found.push({ file: path.slice(0, -4), type: key.type, ...(await told(key.blob)), comment: key.comment });
  }
  return found;
}

interface KeyLine {
  readonly options: readonly string[];
  readonly type: string;
  readonly blob: Uint8Array;
  readonly comment: string | null;
}

const KEY = /^((?:sk-)?(?:ssh|ecdsa)-[\w@.-]+)\s+([A-Za-z0-9+/]+={0,2})(?:\s+(.*))?$/s;
/** Options stand before a key, with quotes around what has spaces (sshd(8)). */
const OPTIONS = /^(?:[^\s"\\]|\\.|"(?:[^"\\]|\\.)*")+\s+/;

/** A line of authorized_keys; null where it is none. */
export function parseAuthorizedKey(raw: string): KeyLine | null {
  const line = raw.trim();
  if (line.startsWith("#")) return null;
  const before = KEY.test(line) ? "" : (OPTIONS.exec(line)?.[0] ?? "");
  const [, type, base64 = "", comment] = KEY.exec(line.slice(before.length)) ?? [];
  const blob = type === undefined ? null : bytesOf(base64);
  if (type === undefined || !blob || textAt(blob, 0) !== type) return null;
  const options = before.trim().match(/(?:[^,"\\]|\\.|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return { options: options.map(withoutSecret), type, blob, comment: comment?.trim() || null };
}

/** What environment is set to is left out whole, and of commands what shows to be a secret. */
const withoutSecret = (option: string) =>
  /^environment=/i.test(option)
    ? option.replace(/^environment="?([^="\\]*).*$/is, 'environment="$1=(left out)"')
    : withoutLogins(option);

/** Null of what sshd takes for no key either: padding that is missing, or too much. */
function bytesOf(base64: string): Uint8Array | null {
  if (base64.length % 4 !== 0) return null;
  const binary = atob(base64);
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

/** The part at an offset: a length of 32 bits and as many bytes (RFC 4251). */
function partAt(blob: Uint8Array, at: number): Uint8Array | null {
  if (at + 4 > blob.length) return null;
  const length = new DataView(blob.buffer, blob.byteOffset).getUint32(at);
  return at + 4 + length <= blob.length ? blob.subarray(at + 4, at + 4 + length) : null;
}

function textAt(blob: Uint8Array, at: number): string | null {
  const part = partAt(blob, at);
  return part && new TextDecoder().decode(part);
}

async function told(blob: Uint8Array): Promise<Pick<PublicKey, "bits" | "fingerprint">> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", blob.slice()));
  const base64 = btoa(String.fromCharCode(...digest)).replace(/=+$/, "");
  return { bits: bitsOf(blob), fingerprint: `SHA256:${base64}` };
}

const CURVE = /nistp(\d{3})/;

function bitsOf(blob: Uint8Array): number | null {
  const parts: Uint8Array[] = [];
  for (let at = 0, part = partAt(blob, 0); part && parts.length < 3; part = partAt(blob, at)) {
    parts.push(part);
    at += 4 + part.length;
  }
  const type = textAt(blob, 0) ?? "";
  if (/ed25519/.test(type)) return 256;
  if (CURVE.test(type)) return Number(CURVE.exec(type)?.[1]);
  const number = type === "ssh-rsa" ? parts[2] : type === "ssh-dss" ? parts[1] : undefined;
  return number ? bitLength(number) : null;
}

function bitLength(number: Uint8Array): number {
  const first = number.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (number.length - first) * 8 - Math.clz32(number[first] as number) + 24;
}
