import type { SshTarget } from "./target.ts";

export interface ClientOptions {
  /** A person sits at it: it may ask. */
  readonly interactive?: boolean;
  /** Host keys are known: others are refused. Where they are not, the first ones are taken and kept. */
  readonly pinned: boolean;
  /** Seconds until the server must have greeted. */
  readonly connectTimeout?: number;
  /** Instead of the target's own file. */
  readonly knownHostsFile?: string;
}

/** Seconds. A guest under TCG takes many for its greeting. */
const CONNECT = 30;

/**
 * The client's options (ssh_config(5)) as keyword and value. The user's own configuration, keys and agent play no part,
 * but where no key is known, and for the agent where the key is the user's: its passphrase may be known there alone.
 */
export function clientOptions(target: SshTarget, options: ClientOptions): readonly (readonly [string, string])[] {
  const { interactive = false, pinned, connectTimeout = CONNECT, knownHostsFile = target.knownHostsFile } = options;
  return [
    ...(target.proxyCommand === undefined ? [] : [["ProxyCommand", target.proxyCommand] as const]),
    ...identity(target),
    ["HostKeyAlias", target.name],
    ["UserKnownHostsFile", quoteValue(knownHostsFile)],
    ["GlobalKnownHostsFile", "/dev/null"],
    ["StrictHostKeyChecking", pinned ? "yes" : "accept-new"],
    ["CheckHostIP", "no"],
    ["HashKnownHosts", "no"],
    ["UpdateHostKeys", "no"],
    ["ConnectTimeout", String(connectTimeout)],
    // A guest may stand still for a while, as for a snapshot of its memory.
    ["ServerAliveInterval", "15"],
    ["ServerAliveCountMax", "8"],
    ...(interactive ? [] : BATCH),
  ];
}

function identity({ keyFile, ownKey }: SshTarget): readonly (readonly [string, string])[] {
  if (keyFile === null) return [];
  const only = [["IdentityFile", quoteValue(keyFile)] as const, ["IdentitiesOnly", "yes"] as const];
  return ownKey ? [...only, ["IdentityAgent", "none"]] : only;
}

const BATCH = [
  ["BatchMode", "yes"],
  ["PreferredAuthentications", "publickey"],
  ["ClearAllForwardings", "yes"],
  ["ControlPath", "none"],
] as const;

/** The same as arguments of ssh, scp and sftp. */
export function clientArguments(target: SshTarget, options: ClientOptions): string[] {
  return ["-F", "/dev/null", ...clientOptions(target, options).flatMap(([key, value]) => ["-o", `${key}=${value}`])];
}

/** A path in ssh_config: `%` begins a token there, blanks end a word. */
export function quoteValue(path: string): string {
  const text = path.replaceAll("%", "%%");
  return /[\s"'\\#]/.test(text) ? `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"` : text;
}
