import { type FileHandle, lstat, realpath, rm, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { GuestkitError } from "../kit/errors.ts";
import { makeFolder } from "./folder.ts";
import {
  isNamed,
  isTaken,
  type LockContext,
  type LockOptions,
  makeNew,
  openMade,
  removeUnlocked,
  takeLock,
  takeMade,
  type Wait,
  waitFor,
  waitOlder,
  waitOpen,
} from "./lock.ts";
import { lockPath, tellHolder } from "./lock-holder.ts";
import { nextPath, type Partial, partialBeside, publish, stalePartials, sweepPartials } from "./partial.ts";
import { openPlainFile } from "./plain-file.ts";

/**
 * Takes the lock of a file that lies anywhere, by its path; dispose to release. What is locked is the file itself, and
 * while there is none, the partial that is going to be it (`nextPath`): two commands that see different files at the name
 * start anew until they see the same. What killed holders left half-written beside it is removed then. Throws `E_LOCKED`,
 * `E_LOCK_FOREIGN`, `E_FILE_KIND`.
 */
export async function lockFile(
  path: string,
  context: LockContext,
  options: LockOptions = {},
): Promise<AsyncDisposable> {
  await makeFolder(dirname(path));
  const lock = await takeFileLock(path, context, options);
  // What cannot be removed is in nobody's way.
  await sweepPartials(path).catch(() => {});
  return lock;
}

/**
 * Removes what killed holders of a file's lock left beside it. It is looked for without the lock, and removed under it:
 * whoever holds it may be in another container, and look dead from here. Throws what `lockFile` throws.
 */
export async function clearKilledBeside(path: string, context: LockContext): Promise<void> {
  const isLeft = (await stalePartials(path)).length > 0 || (await lstat(nextPath(path)).catch(() => null)) !== null;
  if (isLeft) await (await lockFile(path, context))[Symbol.asyncDispose]();
}

async function takeFileLock(path: string, context: LockContext, options: LockOptions): Promise<AsyncDisposable> {
  if (await hasForeignLocks(dirname(path))) return takeLock(path, context, options);
  const lock = new FileLock(path, context, options.private ?? false);
  try {
    await lock.take(options);
    return lock;
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * A partial of `target`, as `partialBeside`: where this process holds the lock of `target`, it is locked as well. So who
 * waits for the old file finds the new one locked, until all is done.
 */
export async function stageBeside(target: string, kind?: string): Promise<Partial> {
  return (await held.get(target)?.stage()) ?? partialBeside(target, kind);
}

/** Waits until nobody holds the lock of a file, without taking it. Throws `E_LOCKED`, which names the holder. */
export async function waitFileUnlocked(path: string, context: LockContext, options: LockOptions = {}): Promise<void> {
  const wait = waitFor(path, context, options, "use");
  if (await hasForeignLocks(dirname(path))) {
    return waitOpen(() => openPlainFile(lockPath(path)), lockPath(path), wait);
  }
  await waitOlder(wait);
  await waitOpen(async () => (await openThere(path)) ?? (await openPlainFile(nextPath(path))), path, wait);
}

/** The locks that this process holds, by the paths that they were asked for. */
const held = new Map<string, FileLock>();

class FileLock implements AsyncDisposable {
  readonly #path: string;
  readonly #context: LockContext;
  /** The file at the path, and those that it replaced: whoever waits for one of them waits for this. */
  readonly #files: FileHandle[] = [];
  /** Permission bits of what is going to be the file. */
  readonly #mode: number;
  /** What is going to be the file. */
  #next: FileHandle | null = null;

  constructor(path: string, context: LockContext, isPrivate: boolean) {
    this.#path = path;
    this.#mode = isPrivate ? 0o600 : 0o644;
    this.#context = context;
  }

  async take(options: LockOptions): Promise<void> {
    const wait = waitFor(this.#path, this.#context, options);
    await waitOlder(wait);
    while (this.#files.length === 0 && !this.#next) {
      const file = await openThere(this.#path);
      if (!file) this.#next = await this.#takeNext(wait, async () => !(await isThere(this.#path)));
      else if (await isTaken(file, this.#path, wait)) this.#files.push(file);
      else await file.close();
    }
    held.set(this.#path, this);
    await tellHolder(this.#path).catch(() => {});
    if (options.removes) await this.#lockNext(wait);
    // A replacement that was killed.
    else if (!this.#next && (await isThere(nextPath(this.#path)))) await removeUnlocked(nextPath(this.#path));
  }

  async #lockNext(wait: Wait): Promise<void> {
    this.#next ??= await this.#takeNext(wait, async () => true);
    await this.#demandSame();
  }

  /** The partial, empty and ours, locked; null where it is not `wanted` by then. */
  async #takeNext(wait: Wait, wanted: () => Promise<boolean>): Promise<FileHandle | null> {
    const path = nextPath(this.#path);
    for (;;) {
      let made: FileHandle | null = null;
      const opens = async () => {
        made = await makeNew(path, this.#mode);
        return made ?? (await openMade(path));
      };
      const handle = await takeMade(path, opens, wait);
      const isWanted = await wanted();
      if (isWanted && (handle === made || (await isFresh(handle, this.#mode)))) return handle;
      // What a killed run left: whatever of it still writes there, writes to what is no more.
      await drop(path, handle);
      if (!isWanted) return null;
    }
  }

  async stage(): Promise<Partial> {
    const path = nextPath(this.#path);
    await this.#lockNext(waitFor(this.#path, this.#context, {}));
    await this.#next?.truncate(0);
    return {
      path,
      publish: async (as = this.#path) => {
        await this.#demandSame();
        await publish(path, as);
        if (this.#next) this.#files.push(this.#next);
        this.#next = null;
      },
      // What was not published goes when the lock does.
      [Symbol.asyncDispose]: async () => {},
    };
  }

  /** Nobody who keeps to the locks puts another file at the path. */
  async #demandSame(): Promise<void> {
    const file = this.#files.at(-1);
    if (file ? await isNamed(this.#path, file) : !(await isThere(this.#path))) return;
    throw new GuestkitError("E_LOCKED", `Cannot change "${this.#path}": another file was put in its place meanwhile`, {
      at: { file: this.#path },
      help: "Look at what is there now, then run again.",
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (held.get(this.#path) === this) {
      held.delete(this.#path);
      await rm(lockPath(this.#path), { force: true }).catch(() => {});
    }
    if (this.#next) await drop(nextPath(this.#path), this.#next);
    await Promise.all(this.#files.map((each) => each.close()));
  }
}

/** The file at a path, links followed to where they lead now; null where there is none. */
async function openThere(path: string): Promise<FileHandle | null> {
  const real = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  return real === null ? null : await openPlainFile(real);
}

/** Whether a partial that was found is as good as a new one: somebody has just made it, and came later to its lock. */
async function isFresh(handle: FileHandle, bits: number): Promise<boolean> {
  const { size, uid, nlink, mode } = await handle.stat();
  return size === 0 && nlink === 1 && uid === process.getuid?.() && (mode & 0o7777 & ~bits) === 0;
}

/** Removes a file by the name that it has, for whoever holds its lock. */
async function drop(path: string, handle: FileHandle): Promise<void> {
  try {
    if (await isNamed(path, handle)) await rm(path, { force: true });
  } catch (cause) {
    throw foreign(path, cause);
  } finally {
    await handle.close();
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR",
  );

function foreign(path: string, cause: unknown): GuestkitError {
  return new GuestkitError("E_LOCK_FOREIGN", `Cannot use "${path}": it is another user's, and in the way`, {
    cause,
    at: { file: path },
    help: `Look whose it is (ls -l "${path}") and have it removed, or choose a folder that is yours.`,
  });
}

/** f_type of statfs(2). */
const NETWORK = { nfs: 0x6969, smb: 0x517b, cifs: 0xff534d42, smb2: 0xfe534d42 } as const;

/**
 * Whether flock(2) in a folder is made of locks on the whole file's bytes, as on NFS and SMB: they need the right to write,
 * and would shut out QEMU, which locks bytes of its images. There the file of the message is locked instead.
 */
async function hasForeignLocks(folder: string): Promise<boolean> {
  const found = await statfs(folder).catch(() => null);
  return found !== null && Object.values<number>(NETWORK).includes(found.type);
}
