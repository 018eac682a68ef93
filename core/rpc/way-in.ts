import { openNamedFile, readBounded } from "../host/plain-file.ts";
import type { SshTarget } from "../kit/ssh-target.ts";
import type { ValueObject } from "../model/value.ts";

/** Most bytes of a private key, and of a machine's host keys. */
export const MOST_KEY = 64 << 10;

/**
 * How a thing of this host is logged in to, for a client on another machine: its files by what is in them. The private key
 * that guestkit made for the thing goes along; a declared one may be this user's own, and does where somebody logs in. Null
 * where there is none that can be read: a password, or an agent, lets him in.
 */
export async function tellWayIn(way: SshTarget, isLogin: boolean): Promise<ValueObject> {
  const { host, port, user, keyFile, ownKey, knownHostsFile } = way;
  const goes = keyFile !== null && (ownKey || isLogin);
  const [key, known] = await Promise.all([goes ? read(keyFile).catch(() => null) : null, read(knownHostsFile)]);
  return { host, port, user, key: base64Of(key), own_key: ownKey, known_hosts: base64Of(known) };
}

async function read(path: string): Promise<Buffer | null> {
  await using handle = await openNamedFile(path);
  return handle && (await readBounded(handle, path, MOST_KEY));
}

const base64Of = (bytes: Buffer | null): string | null => bytes?.toString("base64") ?? null;
