import type { DeviceNode, Readable } from "../disk/node.ts";
import { isReadable } from "../disk/node.ts";
import { rootedAt } from "../filesystem/rooted.ts";
import { type Mount, Tree, type TreeNode } from "../filesystem/tree.ts";
import { parameter, readCommandLines } from "../guest/command-line.ts";

/** A root that OSTree (rpm-ostree, bootc) laid out: one folder of a file system is /, others are mounted over it. */
export interface Deployment {
  readonly mounts: readonly (Mount & { readonly device: string })[];
  /** A boot loader's entry starts it. */
  readonly isStarted: boolean;
  readonly warnings: readonly string[];
}

const DEPLOY = "/ostree/deploy";
/** Systems that one file system has, and deployments of each: those of the past are cleaned away. */
const MOST = 64;

/** The deployment that starts (ostree-prepare-root(1)); null where a file system holds none. */
export async function deploymentOf(
  { device }: Readable,
  alone: Tree,
  nodes: readonly DeviceNode[],
): Promise<Deployment | null> {
  if ((await alone.stat(DEPLOY))?.type !== "directory") return null;
  const started = await startedBy(device, alone, nodes);
  const found = started?.place ?? (await newestOf(alone));
  if (!found) return null;
  const boot = started && started.node.device !== device ? started.node : null;
  const at = (target: string, node: TreeNode | null) =>
    node ? [{ target, device, fs: rootedAt(node.fs, node.inode) }] : [];
  const mounts = [
    ...at("/", found.root),
    ...at("/var", await folder(alone, `${DEPLOY}/${found.system}/var`)),
    ...(boot ? [{ target: "/boot", device: boot.device, fs: boot.fs }] : at("/boot", await folder(alone, "/boot"))),
  ];
  const guess = `${device}: no boot loader's entry tells which of its ${found.others + 1} deployments starts: the newest is shown`;
  return { mounts, isStarted: started !== null, warnings: started || found.others === 0 ? [] : [guess] };
}

interface Place {
  readonly system: string;
  readonly root: TreeNode;
  readonly others: number;
}

/** By the command line of the first entry that leads to one: the newest entry stands first. */
async function startedBy(device: string, alone: Tree, nodes: readonly DeviceNode[]) {
  const readable = nodes.filter(isReadable);
  for (const node of [...readable.filter((each) => each.device === device), ...readable]) {
    const tree = node.device === device ? alone : await Tree.assemble([{ target: "/", fs: node.fs }], alone.budget);
    for (const { text } of await readCommandLines(tree)) {
      const path = parameter(text, "ostree");
      const place = path === null ? null : await linked(alone, path);
      if (place) return { node, place };
    }
  }
  return null;
}

/** `/ostree/boot.1/OS/CHECKSUM/0` is a link to a deployment. */
async function linked(alone: Tree, path: string): Promise<Place | null> {
  const [, system] = /\/deploy\/([^/]+)\/deploy\/[^/]+\/?$/.exec((await alone.readLink(path)) ?? "") ?? [];
  const root = system === undefined ? null : await folder(alone, path);
  return system !== undefined && root ? { system, root, others: 0 } : null;
}

/** By when its origin was written. */
async function newestOf(alone: Tree): Promise<Place | null> {
  const found: (Place & { readonly made: number })[] = [];
  for (const system of (await alone.names(DEPLOY)).slice(0, MOST)) {
    const base = `${DEPLOY}/${system}/deploy`;
    for (const name of (await alone.names(base)).filter((each) => /\.\d+$/.test(each)).slice(0, MOST)) {
      const root = await folder(alone, `${base}/${name}`);
      const made = (await alone.stat(`${base}/${name}.origin`))?.mtime.seconds ?? 0;
      if (root) found.push({ system, root, others: 0, made });
    }
  }
  const [newest] = found.sort((a, b) => b.made - a.made);
  return newest ? { ...newest, others: found.length - 1 } : null;
}

async function folder(tree: Tree, path: string): Promise<TreeNode | null> {
  const node = await tree.resolve(path);
  return node && (await node.fs.stat(node.inode)).type === "directory" ? node : null;
}
