/** Digests that a source must have: given as such, or by the address of a file of checksums. */

import { basename } from "node:path";
import { readCallerFile } from "../host/caller-files.ts";
import { shownAddress } from "../kit/address.ts";
import { asCallerPath, beside, type CallerPath } from "../kit/caller-path.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { reasonOf } from "../kit/system-error.ts";
import { type Checksum, digestsFor, parseChecksums } from "./checksums.ts";
import { download } from "./download.ts";
import type { Algorithm } from "./hash.ts";
import type { RemoteFile } from "./request.ts";
import { isClearsigned, signedText } from "./signature.ts";

/** Digests that are demanded, in hexadecimal; null where none is. */
export interface DigestFields {
  readonly sha256: string | null;
  readonly sha512: string | null;
  readonly unpacked_sha256: string | null;
}

export type DigestField = keyof DigestFields;

/** What the fields of a source that are digests say: hexadecimal digits, a path, or an address; null where silent. */
export type DeclaredDigests = Readonly<Record<DigestField, CallerPath | null>>;

export interface DigestSource extends Omit<RemoteFile, "url"> {
  readonly url: CallerPath;
  readonly digests: DeclaredDigests;
  /** Keys one of which must have signed a file of checksums. */
  readonly keyring: CallerPath | null;
}

/** Most bytes of a file of checksums. */
const MOST = 16 << 20;
const SIGNATURES = [".gpg", ".asc", ".sig", ".sign"];

const isHex = (text: string): boolean => /^[0-9a-f]+$/i.test(text);
const isWeb = (text: string): boolean => /^https?:/i.test(text);
export const algorithmOf = (field: DigestField): Algorithm => (field === "sha512" ? "sha512" : "sha256");

/**
 * The digests themselves. Each file of checksums is fetched once; its line is that of the source's own name, for
 * `unpacked_sha256` of the name without what its packing adds. `target` tells where temporary files lie.
 * Throws `E_SOURCE_CHECKSUMS`, `E_SOURCE_SIGNATURE`, and what downloading throws.
 */
export async function resolveDigests(source: DigestSource, target: string, context: Context): Promise<DigestFields> {
  const files = new Map<CallerPath, Promise<readonly Checksum[]>>();
  const resolve = async (field: DigestField): Promise<string | null> => {
    const said = source.digests[field];
    if (said === null || isHex(String(said))) return said && String(said);
    const known = files.get(said) ?? checksumsAt(said, field, source, target, context);
    files.set(said, known);
    return pick(said, field, source.url, await known);
  };
  return {
    sha256: await resolve("sha256"),
    sha512: await resolve("sha512"),
    unpacked_sha256: await resolve("unpacked_sha256"),
  };
}

function pick(address: CallerPath, field: DigestField, url: CallerPath, all: readonly Checksum[]): string {
  const name = nameOf(String(url));
  const wanted = field === "unpacked_sha256" ? name.replace(/\.(?:gz|xz|zst|bz2)$/, "") : name;
  const [digest, other] = digestsFor(wanted, algorithmOf(field), all);
  if (digest !== undefined && other === undefined) return digest;
  const why = other === undefined ? `it has no ${algorithmOf(field)} of "${wanted}"` : `it has two of "${wanted}"`;
  throw fault(address, field, why, "Look at what it lists, and name the file of checksums of this very release.");
}

/** The last part of a path or an address, decoded. */
function nameOf(url: string): string {
  if (!isWeb(url)) return basename(url);
  const name = new URL(url).pathname.replace(/^.*\//s, "");
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

async function checksumsAt(
  address: CallerPath,
  field: DigestField,
  source: DigestSource,
  target: string,
  context: Context,
): Promise<readonly Checksum[]> {
  const text = await read(address, source, context).catch((error: unknown) => {
    context.signal.throwIfAborted();
    throw fault(
      address,
      field,
      reasonOf(error),
      "Check the path or address, and what the server answers to it.",
      error,
    );
  });
  if (source.keyring === null) return parseChecksums(String(text));
  const signature = isClearsigned(text) ? null : await signatureOf(address, field, source, context);
  const signed = { name: shownAddress(String(address)), text, signature };
  return parseChecksums(await signedText(signed, source.keyring, target, context));
}

/** A signature of its own lies beside the file: NAME.gpg and its like. */
async function signatureOf(
  address: CallerPath,
  field: DigestField,
  source: DigestSource,
  context: Context,
): Promise<Buffer> {
  for (const ending of SIGNATURES) {
    const found = await read(besideIt(address, ending), source, context).catch(() => null);
    context.signal.throwIfAborted();
    if (found) return found;
  }
  const tried = SIGNATURES.map((ending) => `${nameOf(String(address))}${ending}`).join(", ");
  throw fault(address, field, `its signature is not there (tried ${tried})`, "Leave keyring out to go without.");
}

function besideIt(address: CallerPath, ending: string): CallerPath {
  if (!isWeb(String(address))) return beside(address, ending);
  const url = new URL(String(address));
  url.pathname += ending;
  return asCallerPath(url.href);
}

/** The declared headers are for the source's own server. */
async function read(place: CallerPath, source: DigestSource, context: Context): Promise<Buffer> {
  const [address, url] = [String(place), String(source.url)];
  if (!isWeb(address)) return await readCallerFile(place, context, MOST);
  const isSame = isWeb(url) && new URL(address).origin === new URL(url).origin;
  const { proxy, proxyAuthorization, caFile } = source;
  const wanted = { url: address, headers: isSame ? source.headers : {}, proxy, proxyAuthorization, caFile };
  await using file = await download({ ...wanted, sha256: null, most: MOST }, context);
  return await file.readFile();
}

function fault(address: CallerPath, field: DigestField, why: string, help: string, cause?: unknown): GuestkitError {
  const message = `Cannot use the checksums "${shownAddress(String(address))}": ${why}`;
  return new GuestkitError("E_SOURCE_CHECKSUMS", message, { help, cause, at: { field: ["source", field] } });
}
