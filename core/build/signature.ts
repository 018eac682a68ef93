import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readCallerFile } from "../host/caller-files.ts";
import { readNamedFile } from "../host/named-file.ts";
import { partialBeside } from "../host/partial.ts";
import { run } from "../host/program/process.ts";
import { writeFile } from "../host/write-file.ts";
import type { CallerPath } from "../kit/caller-path.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";

/** A text and what signs it: a signature of its own, or none where it stands in the text. */
export interface SignedText {
  /** What errors call it. */
  readonly name: string;
  readonly text: Buffer;
  readonly signature: Buffer | null;
}

const MOST = 16 << 20;
const CLEARSIGNED = "-----BEGIN PGP SIGNED MESSAGE-----";

export const isClearsigned = (text: Buffer): boolean => text.subarray(0, 4096).includes(CLEARSIGNED);

/**
 * What a key of the keyring signed: of a text that holds its own signature that part alone. `target` tells where temporary
 * files lie. Throws `E_SOURCE_SIGNATURE`, `E_SOURCE_KEYRING`, `E_TOOL_MISSING`.
 */
export async function signedText(
  signed: SignedText,
  keyring: CallerPath,
  target: string,
  context: Context,
): Promise<string> {
  await using folder = partialBeside(target, "signature");
  await mkdir(folder.path, { mode: 0o700 });
  const at = (name: string) => join(folder.path, name);
  await writeFile(at("keyring"), await keysOf(keyring, context), { mode: 0o600 });
  await writeFile(at("text"), signed.text, { mode: 0o600 });
  if (signed.signature) await writeFile(at("signature"), decodeArmour(signed.signature), { mode: 0o600 });
  const files = signed.signature ? [at("signature"), at("text")] : ["--output", at("out"), at("text")];
  await verify(signed.name, ["--keyring", at("keyring"), ...files], keyring, context);
  return String(signed.signature ? signed.text : await readNamedFile(at("out"), MOST));
}

/** gpgv(1) takes the keys that it is given for trusted, expired ones too: its status lines tell them apart. */
async function verify(name: string, args: readonly string[], keyring: CallerPath, { signal }: Context): Promise<void> {
  const own = ["--status-fd", "1", "--homedir", "/nonexistent"];
  const { stdout, stderr } = await run("gpgv", [...own, ...args], { signal, accept: [0, 1, 2] });
  const said = (word: string) => new RegExp(`^\\[GNUPG:\\] ${word} `, "m").test(stdout);
  const isBad = ["BADSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG", "ERRSIG"].some(said);
  if (said("GOODSIG") && said("VALIDSIG") && !isBad) return;
  const tail = stderr.trim().split("\n").at(-1) ?? "";
  throw new GuestkitError("E_SOURCE_SIGNATURE", `Cannot use "${name}": no key of "${keyring}" signed it: ${tail}`, {
    at: { field: ["source", "keyring"] },
    help: `See whose signature it has (gpgv --keyring "${keyring}" SIGNATURE FILE), and that the keyring holds the publisher's key.`,
  });
}

async function keysOf(path: CallerPath, context: Context): Promise<Buffer> {
  try {
    return decodeArmour(await readCallerFile(path, context, MOST));
  } catch (cause) {
    throw new GuestkitError("E_SOURCE_KEYRING", `Cannot read the keyring "${path}"`, {
      cause,
      at: { file: String(path), field: ["source", "keyring"] },
      help: "Name a file of public keys: gpg --export KEY > KEYRING",
    });
  }
}

/**
 * The bytes in ASCII armour (RFC 9580, 6.2), all its blocks; other bytes as they are. gpgv takes no armoured keyrings. One
 * pass: a server may have written any of it.
 */
export function decodeArmour(bytes: Buffer): Buffer {
  const found: Buffer[] = [];
  /** The block's lines so far; null outside of one, and until the blank line that ends its headers. */
  let body: string[] | null = null;
  let isInHeaders = false;
  for (const line of bytes.toString("latin1").split("\n")) {
    if (/^-----BEGIN PGP [A-Z ]{1,60}-----\s*$/.test(line)) [body, isInHeaders] = [null, true];
    else if (line.startsWith("-----END PGP ")) {
      if (body) found.push(Buffer.from(body.join(""), "base64"));
      [body, isInHeaders] = [null, false];
    } else if (isInHeaders && line.trim() === "") [body, isInHeaders] = [[], false];
    // The line that begins with = is the checksum.
    else if (body && !line.startsWith("=")) body.push(line.trim());
  }
  return found.length > 0 ? Buffer.concat(found) : bytes;
}
