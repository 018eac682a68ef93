import { resolve } from "node:path";
import { readKeyFile } from "../host/key-file.ts";
import { hostsOwn } from "../kit/caller-path.ts";
import { GuestkitError } from "../kit/errors.ts";
import { isHeader, type Keys, type Opener } from "../kit/keys.ts";
import type { ValueObject } from "../model/value.ts";

/**
 * Keys as rpc takes them. A key file is the caller's, relative ones from `callerDir`, and its bytes go there; `host:/PATH` is
 * one of the host's own, as a detached header has to be. Throws `E_KEY_FILE`, `E_KEYS`.
 */
export async function keysThere(keys: Keys, callerDir: string): Promise<ValueObject> {
  const each = Object.entries(keys).map(async ([selector, openers]) => {
    const fields = await Promise.all([openers].flat().map((opener: Opener) => fieldOf(opener, callerDir)));
    return [selector, fields.length === 1 ? (fields[0] as ValueObject) : fields] as const;
  });
  return Object.fromEntries(await Promise.all(each));
}

async function fieldOf(opener: Opener, callerDir: string): Promise<ValueObject> {
  if (typeof opener === "string") return { passphrase: opener };
  if (opener instanceof Uint8Array) return { base64: base64Of(opener) };
  const named = isHeader(opener) ? opener.header : opener.file;
  const there = hostsOwn(named);
  if (there !== null) return isHeader(opener) ? { header: there } : { file: there };
  if (isHeader(opener)) throw absent(named);
  return { base64: base64Of(await readKeyFile(resolve(callerDir, named))) };
}

const base64Of = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

const absent = (header: string) =>
  new GuestkitError("E_KEYS", `Cannot use the header "${header}" on a host: it is read with the device that it is of`, {
    help: "Put it on that host, and name it as host:/PATH.",
  });
