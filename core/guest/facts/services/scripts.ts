import type { Tree } from "../../../filesystem/tree.ts";
import type { Service } from "./service.ts";

const SCRIPTS = ["/etc/init.d", "/etc/rc.d/init.d"];
/** What OpenRC takes for a service (librc.c, ls_dir), but for what package managers leave: `net.eth0`, no `functions.sh`. */
const OPENRC =
  /^(?!README$)[A-Za-z0-9_][A-Za-z0-9_.+-]*$(?<!\.(?:sh|apk-new|apk-old|dpkg-dist|dpkg-new|dpkg-old|bak|orig))/;
/** What lies beside scripts: `README`, `functions`, `ssh.dpkg-old`. */
const SCRIPT = /^(?!README$|functions$|skeleton$|halt$|killall$|single$)[A-Za-z0-9_-]+(?:\.sh)?$/;
const STARTED = /^S\d\d(.+)$/;
const RUNLEVELS = ["S", "2", "3", "4", "5"];

/**
 * Scripts of System V init, with the runlevels that start them. systemd looks at those alone of which it has no unit:
 * `units` are names of units that take their places.
 */
export async function readSysv(tree: Tree, units: ReadonlySet<string>): Promise<readonly Service[]> {
  const levels = new Map<string, string[]>();
  for (const level of RUNLEVELS) {
    const names = new Set(await namesOfFirst(tree, [`/etc/rc${level}.d`, `/etc/rc.d/rc${level}.d`]));
    for (const name of names) push(levels, STARTED.exec(name)?.[1], level);
  }
  const isCovered = (name: string) => units.has(`${name.replace(/\.sh$/, "")}.service`);
  return (await scripts(tree, SCRIPT))
    .filter(({ name }) => !isCovered(name))
    .map((each) => service("sysv", each, levels));
}

/** Scripts of OpenRC, with the runlevels that start them: `default`, `boot`. Null where there is none. */
export async function readOpenrc(tree: Tree): Promise<readonly Service[] | null> {
  if (!(await tree.resolve("/etc/runlevels"))) return null;
  const levels = new Map<string, string[]>();
  for (const level of await tree.names("/etc/runlevels"))
    for (const name of await tree.names(`/etc/runlevels/${level}`)) push(levels, name, level);
  return (await scripts(tree, OPENRC)).map((each) => service("openrc", each, levels));
}

function push(levels: Map<string, string[]>, name: string | undefined, level: string): void {
  if (name === undefined) return;
  const known = levels.get(name);
  if (!known) levels.set(name, [level]);
  else if (!known.includes(level)) known.push(level);
}

interface Script {
  readonly name: string;
  readonly file: string;
}

function service(kind: Service["kind"], { name, file }: Script, levels: ReadonlyMap<string, string[]>): Service {
  const wanted = levels.get(name) ?? [];
  return { name, kind, state: wanted.length > 0 ? "enabled" : "disabled", preset: null, wanted_by: wanted, file };
}

async function scripts(tree: Tree, wanted: RegExp): Promise<readonly Script[]> {
  for (const folder of SCRIPTS) {
    const names = (await tree.names(folder)).filter((name) => wanted.test(name));
    if (names.length > 0) return names.map((name) => ({ name, file: `${folder}/${name}` }));
  }
  return [];
}

async function namesOfFirst(tree: Tree, folders: readonly string[]): Promise<readonly string[]> {
  for (const folder of folders) {
    const names = await tree.names(folder);
    if (names.length > 0) return names;
  }
  return [];
}
