import type { DiskFileSystem } from "../disk/disk.ts";
import type { FileSystem } from "../filesystem/filesystem.ts";
import { Tree } from "../filesystem/tree.ts";
import { type FstabEntry, readFstab } from "../guest/fstab.ts";
import { type Budget, isLate } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import { findDevice, isStorage } from "./fstab-device.ts";
import type { MountReport } from "./report.ts";

/** A system's root with what its fstab mounts. */
export interface Root {
  readonly device: string;
  readonly tree: Tree;
  readonly mounts: readonly MountReport[];
  readonly warnings: readonly string[];
}

export interface Roots {
  readonly roots: readonly Root[];
  /** Why it could not be told of a file system, by its device. */
  readonly failed: ReadonlyMap<string, GuestkitError>;
}

/** A readable file system of the disk. */
type Readable = DiskFileSystem & { readonly fs: FileSystem };

const PROGRAM_FOLDERS = ["/bin", "/usr", "/sbin"];
const SYSTEM_FILES = ["/etc/os-release", "/etc/fstab", "/etc/passwd", "/usr/lib/os-release", "/etc/debian_version"];

/** Every file system that holds a system's /, in the disk's order. */
export function findRoots(filesystems: readonly DiskFileSystem[], budget: Budget): Promise<Roots> {
  return budget.part("systems", () => lookForRoots(filesystems, budget));
}

async function lookForRoots(filesystems: readonly DiskFileSystem[], budget: Budget): Promise<Roots> {
  const roots: Root[] = [];
  const failed = new Map<string, GuestkitError>();
  for (const each of filesystems.filter(isReadable)) {
    try {
      const alone = await Tree.assemble([{ target: "/", fs: each.fs }], budget);
      if (await isRoot(alone)) roots.push(await assemble(each, alone, filesystems));
    } catch (error) {
      if (!(error instanceof GuestkitError) || isLate(error)) throw error;
      failed.set(each.device, error);
    }
  }
  return { roots, failed };
}

export function isReadable(each: DiskFileSystem): each is Readable {
  return each.fs !== null;
}

/** /etc, programs, and one of the files that only a system has; links need not lead anywhere yet. */
async function isRoot(tree: Tree): Promise<boolean> {
  if ((await tree.stat("/etc"))?.type !== "directory") return false;
  return (await anyOf(tree, PROGRAM_FOLDERS)) && (await anyOf(tree, SYSTEM_FILES));
}

async function anyOf(tree: Tree, paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await tree.resolve(path, { follow: false })) return true;
  return false;
}

/** Lays over the root whatever of its fstab is on this disk; the rest is named in warnings. */
async function assemble(root: Readable, alone: Tree, filesystems: readonly DiskFileSystem[]): Promise<Root> {
  const entries = (await readFstab(alone)).filter(isStorage);
  const found = entries.map((entry) => ({
    entry,
    on: entry.target === "/" ? root : findDevice(entry.spec, filesystems),
  }));
  const usable = found.flatMap(({ entry, on }) => (on && isReadable(on) ? [{ entry, on }] : []));
  const own = usable.filter(({ entry }) => entry.target !== "/");
  const mounts = own.map(({ entry, on }) => ({ target: normal(entry.target), fs: on.fs }));
  const tree = await Tree.assemble([{ target: "/", fs: root.fs }, ...mounts], alone.budget);
  const there = new Set(tree.mounts.map(({ target }) => target));
  const isMounted = ({ entry }: { readonly entry: FstabEntry }) => there.has(normal(entry.target));
  const mounted = own.filter(isMounted);
  const rootEntry = entries.find(({ target }) => target === "/");
  return {
    device: root.device,
    tree,
    mounts: [report(root, "/", rootEntry), ...mounted.map(({ entry, on }) => report(on, normal(entry.target), entry))],
    warnings: [
      ...found.flatMap(({ entry, on }) => missing(root.device, entry, on)),
      ...own
        .filter((each) => !isMounted(each))
        .map(({ entry }) => `${root.device}: ${entry.target} is not mounted: there is no such directory`),
    ],
  };
}

function missing(device: string, { spec, target }: FstabEntry, on: DiskFileSystem | null): readonly string[] {
  if (!on) return [`${device}: ${target} is not mounted: ${spec} is not on this disk`];
  if (on.fs) return [];
  const why = on.error ? on.error.message : `${on.type ?? "its content"} is not read yet`;
  return [`${device}: ${target} is not mounted: ${on.device}: ${why}`];
}

function report(on: Readable, target: string, entry: FstabEntry | undefined): MountReport {
  return { target, device: on.device, type: on.fs.type, options: entry?.options.join(",") ?? null };
}

/** Without a slash at the end. */
function normal(target: string): string {
  let end = target.length;
  while (end > 1 && target[end - 1] === "/") end--;
  return target.slice(0, end);
}
