import { openNamedFile, readBounded } from "../host/plain-file.ts";
import type { SshTarget } from "../kit/ssh-target.ts";
import type { ValueObject } from "../model/value.ts";

/** Most bytes of a private key, and of a machine's host keys. */
export const MOST_KEY = 64 << 10;

/**
 * How a thing of this host is logged in to, for a client on another machine: its files by what is in them. It has the private
 * key, which the client's user may read here as well.
 */
export async function tellWayIn({ host, port, user, keyFile, knownHostsFile }: SshTarget): Promise<ValueObject> {
  const [key, known] = await Promise.all([read(keyFile), read(knownHostsFile)]);
  return { host, port, user, key: base64Of(key), known_hosts: base64Of(known) };
}

async function read(path: string): Promise<Buffer | null> {
  await using handle = await openNamedFile(path);
  return handle && (await readBounded(handle, path, MOST_KEY));
}

const base64Of = (bytes: Buffer | null): string | null => bytes?.toString("base64") ?? null;
