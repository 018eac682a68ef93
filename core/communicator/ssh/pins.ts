import { rm } from "node:fs/promises";
import { partialBeside } from "../../host/partial.ts";
import { readKeptText } from "../../host/plain-file.ts";
import { writeFile } from "../../host/write-file.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { isPinned, runOverSsh, type SshRunOptions } from "./run.ts";
import type { SshTarget } from "./target.ts";

/** Host keys as the guest itself keeps them (sshd_config(5), HostKey); a guest without OpenSSH has none there. */
export const HOST_KEYS = "cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null; true";

/**
 * Logs in for real, and remembers who the guest is: the key that it answered with at the first login, and the others it
 * has. Gives its host keys (`ssh-ed25519 AAAA...`). Throws what `runOverSsh` throws.
 */
export async function login(target: SshTarget, options: SshRunOptions = {}): Promise<readonly string[]> {
  if (await isPinned(target.knownHostsFile)) {
    await runOverSsh(target, "true", options);
    return readPins(target);
  }
  await using partial = partialBeside(target.knownHostsFile, "pins");
  const { stdout } = await runOverSsh(target, HOST_KEYS, { ...options, knownHostsFile: partial.path });
  const answered = (await readKeptText(partial.path).catch(() => null)) ?? "";
  await pin(target, [...keysOf(answered), ...parseKeys(stdout)]);
  return readPins(target);
}

/**
 * The same at a guest's first start: cloud-init may give it new keys between two logins, before anybody has relied on
 * the old ones.
 */
export async function firstLogin(target: SshTarget, options: SshRunOptions = {}): Promise<readonly string[]> {
  try {
    return await login(target, options);
  } catch (error) {
    if (!(error instanceof GuestkitError && error.code === "E_SSH_HOST_KEY")) throw error;
    await forgetPins(target);
    return await login(target, options);
  }
}

/** Writes known_hosts anew, sorted. Nothing is written where there is no key. */
export async function pin(target: SshTarget, keys: readonly string[]): Promise<void> {
  const lines = [...new Set(keys)].toSorted().map((key) => `${target.name} ${key}\n`);
  if (lines.length === 0) return;
  await using partial = partialBeside(target.knownHostsFile, "pins");
  await writeFile(partial.path, lines.join(""), { mode: 0o600 });
  await partial.publish();
}

export async function readPins(target: Pick<SshTarget, "knownHostsFile">): Promise<readonly string[]> {
  return keysOf((await readKeptText(target.knownHostsFile).catch(() => null)) ?? "");
}

/** An overlay that is made anew has other keys. */
export async function forgetPins(target: Pick<SshTarget, "knownHostsFile">): Promise<void> {
  await rm(target.knownHostsFile, { force: true });
}

/** Keys of one guest that are believed, and how long one may be: a guest may tell any number. */
const MOST_KEYS = 16;
const KEY = /^((?:ssh|ecdsa|sk)-[a-z0-9@.-]{1,64}) ([A-Za-z0-9+/]{1,6000}=*)(?:\s|$)/;

/** `ssh-ed25519 AAAA...` of each line of public key files, the first 16. */
export function parseKeys(text: string): string[] {
  const keys = text.split("\n").flatMap((line) => {
    const [, type, key] = KEY.exec(line.trim()) ?? [];
    return type && key ? [`${type} ${key}`] : [];
  });
  return keys.slice(0, MOST_KEYS);
}

/** The same of known_hosts, whose lines begin with the name. */
const keysOf = (text: string): string[] => parseKeys(text.replace(/^\S+ /gm, ""));
