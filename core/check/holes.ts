import type { FileSystem } from "../filesystem/filesystem.ts";
import { type Mount, Tree } from "../filesystem/tree.ts";
import { GuestkitError } from "../kit/errors.ts";

/**
 * The same tree, in which nobody can look at what is mounted from elsewhere, by whatever links and folders it is reached:
 * what lies there in the tree is hidden, and what would be seen is not known. Whoever looks meets `E_CHECK_UNMOUNTED`.
 */
export async function withHoles(tree: Tree, targets: readonly string[]): Promise<Tree> {
  if (targets.length === 0) return tree;
  const progress = { isDone: false };
  const holes = targets.map((target): Mount => ({ target, fs: hole(target, progress) }));
  const found = await Tree.assemble([...tree.mounts, ...holes], tree.budget);
  progress.isDone = true;
  return found;
}

/** Until all are laid it is an empty folder, in which what is mounted further below has no place. */
function hole(target: string, progress: { readonly isDone: boolean }): FileSystem {
  const refuse = (): never => {
    throw elsewhere(target, target);
  };
  const epoch = { seconds: 0, nanoseconds: 0 };
  const times = { mtime: epoch, atime: epoch, ctime: epoch, btime: null };
  const folder = { inode: 1, type: "directory", mode: 0, uid: 0, gid: 0, size: 0, links: 1, device: null } as const;
  return {
    ...{ type: "unmounted", uuid: null, label: null, size: 0, free: null, warnings: [], root: 1 },
    stat: () => (progress.isDone ? refuse() : { ...folder, ...times }),
    lookup: async () => (progress.isDone ? refuse() : null),
    ...{ entries: refuse, readLink: refuse, open: refuse, xattrs: refuse },
    [Symbol.asyncDispose]: async () => {},
  };
}

export function elsewhere(path: string, target: string): GuestkitError {
  return new GuestkitError(
    "E_CHECK_UNMOUNTED",
    `Cannot look at "${path}": ${target} is mounted from what is not on these disks, or cannot be read`,
    { help: "Give the disks that are missing (--with), or their keys (--key)." },
  );
}
