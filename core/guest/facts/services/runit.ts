import type { Tree } from "../../../filesystem/tree.ts";
import type { Service } from "./service.ts";

const DEFINED = ["/etc/sv", "/etc/runit/sv"];
/** Runlevels of Void and Artix; `current` is a link to one of them. */
const LEVELS = "/etc/runit/runsvdir";
/** Where a link enables a service: Debian, Alpine, and where the runlevel is what runs. */
const ENABLED = ["/etc/service", "/service", "/var/service"];

/** What starts them: packages bring services for runit to systems that never run it (openssh-server of Debian does). */
const STARTER = ["/usr/bin/runsvdir", "/bin/runsvdir", "/usr/sbin/runsvdir", "/sbin/runsvdir"];

/** Services of runit, empty where that is not installed: folders with a program `run`; one with a file `down` waits to be started by hand (runsv(8)). */
export async function readRunit(tree: Tree): Promise<readonly Service[]> {
  if (!(await anyOf(tree, STARTER))) return [];
  const wanted = new Map<string, string[]>();
  for (const level of await tree.names(LEVELS))
    if (level !== "current" && level !== "previous") await enabledIn(tree, `${LEVELS}/${level}`, level, wanted);
  for (const folder of ENABLED) await enabledIn(tree, folder, folder, wanted);
  const files = await defined(tree, wanted);
  const services: Service[] = [];
  for (const [name, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!(await tree.resolve(`${file}/run`))) continue;
    const by = wanted.get(name) ?? [];
    const starts = by.length > 0 && !(await tree.resolve(`${file}/down`));
    const state = starts ? "enabled" : "disabled";
    services.push({ name, kind: "runit", state, preset: null, wanted_by: by, file: `${file}/run` });
  }
  return services;
}

async function anyOf(tree: Tree, paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await tree.resolve(path)) return true;
  return false;
}

async function enabledIn(tree: Tree, folder: string, by: string, wanted: Map<string, string[]>): Promise<void> {
  for (const name of await tree.names(folder)) {
    const known = wanted.get(name);
    if (known) known.push(by);
    else wanted.set(name, [by]);
  }
}

/** The folder of each service, that of definitions before the one where it is enabled. */
async function defined(tree: Tree, wanted: ReadonlyMap<string, readonly string[]>): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const folder of DEFINED)
    for (const name of await tree.names(folder)) if (!files.has(name)) files.set(name, `${folder}/${name}`);
  for (const [name, [by = ""]] of wanted)
    if (!files.has(name)) files.set(name, by.startsWith("/") ? `${by}/${name}` : `${LEVELS}/${by}/${name}`);
  return files;
}
