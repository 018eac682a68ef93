import type { Tree } from "../filesystem/tree.ts";

/** What an administrator enabled in systemd. */
export interface Units {
  /** `graphical.target`; null where nothing is set. */
  readonly default_target: string | null;
  readonly enabled: readonly EnabledUnit[];
  /** Units linked to /dev/null. */
  readonly masked: readonly string[];
}

export interface EnabledUnit {
  readonly name: string;
  /** Units that pull it in: `multi-user.target`. */
  readonly wanted_by: readonly string[];
}

const ETC = "/etc/systemd/system";
const VENDOR = ["/usr/lib/systemd/system", "/lib/systemd/system"];
const PULLED_IN = /^(.+)\.(?:wants|requires|upholds)$/;

/** Enabled units: links in /etc/systemd/system's `.wants`, `.requires` and `.upholds` folders (systemd.unit(5)). */
export async function readUnits(tree: Tree): Promise<Units> {
  const names = await tree.names(ETC);
  const wanted = new Map<string, string[]>();
  for (const folder of names) {
    const by = PULLED_IN.exec(folder)?.[1];
    if (!by) continue;
    for (const unit of await tree.names(`${ETC}/${folder}`)) wanted.set(unit, [...(wanted.get(unit) ?? []), by]);
  }
  return {
    default_target: await defaultTarget(tree),
    enabled: [...wanted].map(([name, by]) => ({ name, wanted_by: by })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    masked: await masked(tree, names),
  };
}

async function defaultTarget(tree: Tree): Promise<string | null> {
  for (const folder of [ETC, ...VENDOR]) {
    const target = await tree.readLink(`${folder}/default.target`);
    if (target) return target.slice(target.lastIndexOf("/") + 1);
  }
  return null;
}

async function masked(tree: Tree, names: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names) if ((await tree.readLink(`${ETC}/${name}`)) === "/dev/null") found.push(name);
  return found;
}
