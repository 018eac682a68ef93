import type { Tree } from "../filesystem/tree.ts";
import type { User } from "./accounts.ts";
import { keyPlaces, keysOf, readKeys, type UserKeys } from "./authorized-keys.ts";
import { readSshdFiles, type SshdFiles, sshdLines } from "./sshd-config.ts";
import { sshdSetting } from "./sshd-login.ts";
import { UNIT_FOLDERS } from "./unit-file.ts";
import type { Units } from "./units.ts";

export { keysOf };

/** The SSH server of a system and who may come in by it. */
export interface SshServer extends UserKeys {
  /** Its program; null where there is none. */
  readonly program: string | null;
  /** It starts by itself; null where that cannot be told (no systemd, no OpenRC). */
  readonly enabled: boolean | null;
  /** Files of host keys. */
  readonly hostKeys: readonly string[];
  /** Public host keys, `type base64`. */
  readonly publicHostKeys: readonly string[];
  /** What makes missing host keys at a start: a unit or a script; null where nothing does. */
  readonly keyMaker: string | null;
  /** It is started by a socket, whose addresses are not the configuration's. */
  readonly bySocket: boolean;
  /** sshd's configuration; null where there is none. */
  readonly config: SshdFiles | null;
  /** Keys may come from a command or an authority. */
  readonly otherKeys: boolean;
  /** Accounts whose password is locked; null where that cannot be told. */
  readonly locked: readonly string[] | null;
  /** Shells that accounts have or usually get, and that are not there: sshd refuses whoever has one. */
  readonly missingShells: readonly string[];
}

const PROGRAMS = ["/usr/sbin/sshd", "/usr/bin/sshd", "/usr/sbin/dropbear", "/usr/sbin/tinysshd"];
const UNIT = /^(?:sshd?|dropbear|tinysshd)(?:@\d+)?\.(?:service|socket)$/;
const SERVICES = ["ssh.service", "sshd.service", "ssh@.service", "sshd@.service", "dropbear.service"];
/** More than any system enables. */
const MAX_UNITS = 500;
const MAKES_KEYS = /sshd?-?keygen|sshd-gen-keys|sshdgenkeys|dropbearkey|reconfigure openssh-server/;
/** `dropbear -R` makes what it lacks at the first connection. */
const DROPBEAR = "dropbear ";

/** `users` and `units` are null where they could not be read. */
export async function readSshServer(
  tree: Tree,
  users: readonly User[] | null,
  units: Units | null,
): Promise<SshServer> {
  const config = await readSshdFiles(tree);
  const lines = sshdLines(config ?? {});
  const names = (await tree.names("/etc/ssh")).filter((name) => /^ssh_host_.+_key$/.test(name));
  return {
    program: await firstOf(tree, PROGRAMS),
    enabled: await starts(tree, units),
    hostKeys: names.map((name) => `/etc/ssh/${name}`),
    publicHostKeys: await publicKeys(tree, names),
    keyMaker: await keyMaker(tree, units),
    bySocket: (units?.enabled ?? []).some(({ name }) => /^sshd?\.socket$/.test(name)),
    config,
    otherKeys: ELSEWHERE.some((keyword) => !/^(?:none)?$/i.test(sshdSetting(lines, keyword)?.values[0] ?? "")),
    locked: await lockedAccounts(tree),
    missingShells: await missingShells(tree, users ?? []),
    ...(await readKeys(tree, users ?? [], keyPlaces(lines))),
  };
}

const ELSEWHERE = ["authorizedkeyscommand", "trustedusercakeys"];

/** shadow(5): a `!` in front locks; no password is told. */
async function lockedAccounts(tree: Tree): Promise<readonly string[] | null> {
  const text = await tree.readText("/etc/shadow");
  return text === null ? null : [...text.matchAll(/^([^:\n]+):!/gm)].map(([, name]) => name ?? "").slice(0, MAX_USERS);
}

/** More than log in. */
const MAX_USERS = 2000;
const SHELLS = ["bash", "sh", "dash", "ash", "zsh", "fish", "ksh"].flatMap((name) => [
  `/bin/${name}`,
  `/usr/bin/${name}`,
]);

async function missingShells(tree: Tree, users: readonly User[]): Promise<readonly string[]> {
  const own = users.slice(0, MAX_USERS).map(({ shell }) => shell);
  const found: string[] = [];
  for (const path of new Set([...SHELLS, ...own.filter((shell) => shell.startsWith("/"))].slice(0, MAX_SHELLS)))
    if (!(await tree.resolve(path))) found.push(path);
  return found;
}

const MAX_SHELLS = 100;

async function firstOf(tree: Tree, paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await tree.resolve(path)) return path;
  return null;
}

async function starts(tree: Tree, units: Units | null): Promise<boolean | null> {
  if (await tree.resolve("/etc/runlevels/default/sshd")) return true;
  if (!(await firstOf(tree, ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"]))) return null;
  if (!units) return null;
  if (await tree.resolve("/etc/ssh/sshd_not_to_be_run")) return false;
  const wanted = [...units.enabled.map(({ name }) => name), ...(await vendorWants(tree))];
  const masked = new Set(units.masked);
  return wanted.some((name) => UNIT.test(name) && !masked.has(name));
}

/** Units that the distribution itself pulls in, without an administrator's link. */
async function vendorWants(tree: Tree): Promise<readonly string[]> {
  const targets = ["multi-user.target", "sockets.target"];
  const folders = targets.map((target) => `/usr/lib/systemd/system/${target}.wants`);
  const found: string[] = [];
  for (const folder of folders) for (const name of await tree.names(folder)) found.push(name);
  return found;
}

/** A server's own unit pulls key makers in (Fedora, Arch, openSUSE), or an enabled unit or script is one. */
async function keyMaker(tree: Tree, units: Units | null): Promise<string | null> {
  const enabled = (units?.enabled ?? []).map(({ name }) => name).filter((name) => name.endsWith(".service"));
  const wanted = new Set([...SERVICES, ...enabled.slice(0, MAX_UNITS)]);
  for (const path of await unitFiles(tree, wanted)) if (await mentions(tree, path)) return path;
  for (const path of ["/etc/rc.local", "/etc/init.d/sshd"]) if (await mentions(tree, path)) return path;
  return null;
}

/** The files that count of these units, and what is laid over them; folders are listed once, and asked no more. */
async function unitFiles(tree: Tree, wanted: ReadonlySet<string>): Promise<readonly string[]> {
  const counting = new Map<string, string>();
  for (const folder of UNIT_FOLDERS) {
    for (const name of await tree.names(folder)) {
      if (wanted.has(name) && !counting.has(name)) counting.set(name, `${folder}/${name}`);
      if (name.endsWith(".d") && wanted.has(name.slice(0, -2))) counting.set(`${folder}/${name}`, `${folder}/${name}`);
    }
  }
  const files: string[] = [];
  for (const path of counting.values()) {
    if (!path.endsWith(".d")) files.push(path);
    else for (const name of await tree.names(path)) files.push(`${path}/${name}`);
  }
  return files;
}

async function mentions(tree: Tree, path: string): Promise<boolean> {
  const text = (await tree.readText(path)) ?? "";
  if (MAKES_KEYS.test(text)) return true;
  const lines = text.includes(DROPBEAR) ? text.split("\n") : [];
  return lines.some((line) => line.includes(DROPBEAR) && /-\w*R/.test(line.slice(line.indexOf(DROPBEAR))));
}

async function publicKeys(tree: Tree, names: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names) {
    for (const key of keysOf((await tree.readText(`/etc/ssh/${name}.pub`)) ?? "")) found.push(key);
  }
  return found;
}
