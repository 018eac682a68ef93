import type { Tree } from "../filesystem/tree.ts";
import type { User } from "./accounts.ts";
import type { Units } from "./units.ts";

/** The SSH server of a system and who may come in by it. */
export interface SshServer {
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
  readonly permitsRoot: boolean;
  /** Public keys, `type base64`, that let a user in, by the user's name. */
  readonly authorizedKeys: Readonly<Record<string, readonly string[]>>;
  /** Keys may come from elsewhere than ~/.ssh/authorized_keys. */
  readonly otherKeys: boolean;
}

const PROGRAMS = ["/usr/sbin/sshd", "/usr/bin/sshd", "/usr/sbin/dropbear", "/usr/sbin/tinysshd"];
const UNIT = /^(?:sshd?|dropbear|tinysshd)(?:@\d+)?\.(?:service|socket)$/;
const SERVICES = ["ssh.service", "sshd.service", "ssh@.service", "sshd@.service", "dropbear.service"];
const UNIT_FOLDERS = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];
/** Longer lines are no configuration, and patterns stay quick. */
const MAX_LINE = 4096;
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
  const config = await readConfig(tree);
  const names = (await tree.names("/etc/ssh")).filter((name) => /^ssh_host_.+_key$/.test(name));
  return {
    program: await firstOf(tree, PROGRAMS),
    enabled: await starts(tree, units),
    hostKeys: names.map((name) => `/etc/ssh/${name}`),
    publicHostKeys: await publicKeys(tree, names),
    keyMaker: await keyMaker(tree, units),
    permitsRoot: config.get("permitrootlogin") !== "no",
    authorizedKeys: await authorizedKeys(tree, users ?? []),
    otherKeys:
      config.has("authorizedkeyscommand") ||
      !/\.ssh\/authorized_keys/.test(config.get("authorizedkeysfile") ?? ".ssh/authorized_keys"),
  };
}

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

/** The first value counts (sshd_config(5)); what Match makes of it is left alone. */
async function readConfig(tree: Tree): Promise<ReadonlyMap<string, string>> {
  const main = (await tree.readText("/etc/ssh/sshd_config")) ?? "";
  const included = /^[ \t]*Include[ \t].*sshd_config\.d/im.test(main) ? await tree.names("/etc/ssh/sshd_config.d") : [];
  const found = new Map<string, string>();
  for (const name of included) takeConfig((await tree.readText(`/etc/ssh/sshd_config.d/${name}`)) ?? "", found);
  takeConfig(main, found);
  return found;
}

function takeConfig(text: string, found: Map<string, string>): void {
  for (const raw of text.split("\n")) {
    if (raw.length > MAX_LINE) continue;
    const line = raw.trim();
    if (/^Match\s/i.test(line)) return;
    const [, key = "", rest = ""] = /^(\w+)(?:\s+|\s*=\s*)(.+)$/.exec(line) ?? [];
    const value = rest.replace(/^"/, "").replace(/"$/, "");
    if (key && value && !found.has(key.toLowerCase())) found.set(key.toLowerCase(), value);
  }
}

/** More accounts with a shell than a machine has; a list made to be long is cut. */
const MAX_USERS = 200;

async function authorizedKeys(tree: Tree, users: readonly User[]): Promise<Record<string, readonly string[]>> {
  const able = users.filter(({ uid, shell }) => (uid === 0 || uid >= 500) && !/(?:nologin|false)$/.test(shell));
  const found: Record<string, readonly string[]> = {};
  for (const { name, home } of able.slice(0, MAX_USERS)) {
    const keys = keysOf((await tree.readText(`${home}/.ssh/authorized_keys`)) ?? "");
    if (keys.length > 0) found[name] = keys;
  }
  return found;
}

/** `type base64` of each line, without options and comment. */
export function keysOf(text: string): readonly string[] {
  const pattern = /(?:^|\s)((?:ssh-|ecdsa-|sk-)\S+ AAAA[A-Za-z0-9+/=]+)/;
  return text.split("\n").flatMap((line) => (line.startsWith("#") ? [] : (pattern.exec(line)?.[1] ?? [])));
}
