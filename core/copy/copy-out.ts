import {
  chmodSync,
  closeSync,
  constants,
  lchownSync,
  openSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { type Binary, fromBinary, toBinary, type WalkEntry, walk } from "../archive/index.ts";
import type { FileStat } from "../filesystem/filesystem.ts";
import type { Tree, TreeNode } from "../filesystem/tree.ts";
import type { Progress } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import { folderIn, nameIn } from "../kit/path.ts";
import { sameContent, writeFile } from "./file.ts";
import { safeTarget } from "./link.ts";
import { below, checkReplaceable, ensureFolder, type HostPath, look, replaceWhole, sweepCopies } from "./place.ts";

export interface CopyOptions {
  readonly recursive?: boolean;
  /** Links that stay inside the copied folder (the default), all as they are, or none. */
  readonly links?: "safe" | "all" | "none";
  /** Owner, group, setuid, setgid and sticky bits too. */
  readonly preserve?: boolean;
  /** Replace what differs (the default). */
  readonly overwrite?: boolean;
  /** Change nothing: tell what would be. */
  readonly check?: boolean;
  /** Called before each thing gets its name; throws where what was read of it does not count. */
  readonly output?: () => void;
  readonly signal?: AbortSignal;
  readonly progress?: (event: Progress) => void;
}

export interface LeftOut {
  /** Raw path below the source. */
  readonly path: Binary;
  readonly why: string;
}

export interface CopyResult {
  /** What was written, or would be. */
  readonly copiedTo: HostPath;
  /** Files, folders and links looked at, and how many of them were written. */
  readonly files: number;
  readonly copied: number;
  readonly bytes: number;
  readonly leftOut: readonly LeftOut[];
  /** Of a single small text: what is there now, and what comes; null where there is none. */
  readonly before: string | null;
  readonly after: string | null;
}

/** A text past this length (bytes) is not shown as a difference. */
const TEXT_LIMIT = 64 << 10;

/**
 * Copies a file or folder out of an image: into `dest` where that is a folder, else under that name. Each file is
 * written whole. Nothing is written outside `dest`, whatever names and links the image holds.
 * Throws `E_COPY_MISSING`, `E_COPY_FOLDER`, `E_COPY_KIND`, `E_COPY_TYPE` and `E_COPY_EXISTS`.
 */
export async function copyOut(
  tree: Tree,
  src: Uint8Array,
  dest: HostPath,
  options: CopyOptions = {},
): Promise<CopyResult> {
  const path = toBinary(src).replace(/^\/*/, "/").replace(/\/+$/, "");
  const node = await tree.resolve(src);
  if (!node) throw fault("MISSING", path, "there is no such file", "List what is there: guestkit ls IMAGE PATH");
  const stat = await node.fs.stat(node.inode);
  const target = intoFolder(dest, path);
  const run = new CopyRun(tree, path, target, options);
  if (stat.type === "directory") {
    if (!options.recursive)
      throw fault("FOLDER", path, "it is a folder", "Copy it with all that is in it: -r (recursive)");
    return run.folder(node, stat);
  }
  if (stat.type !== "file") throw fault("KIND", path, `it is no file but a ${stat.type}`);
  return run.single(node, stat);
}

/** As cp does: a folder that is there gets the file under its own name. */
function intoFolder(dest: HostPath, path: Binary): HostPath {
  const name = nameIn(path);
  if (name === "" || name === "." || name === ".." || name.includes("\0")) return dest;
  return isFolder(dest) ? below(dest, name) : dest;
}

/** Of the destination itself links are followed: the user named it. */
function isFolder(path: HostPath): boolean {
  try {
    closeSync(openSync(path, constants.O_RDONLY | constants.O_DIRECTORY));
    return true;
  } catch {
    return false;
  }
}

class CopyRun {
  readonly #tree: Tree;
  readonly #root: Binary;
  readonly #target: HostPath;
  readonly #options: CopyOptions;
  readonly #signal: AbortSignal;
  readonly #leftOut: LeftOut[] = [];
  #files = 0;
  #copied = 0;
  #bytes = 0;

  constructor(tree: Tree, root: Binary, target: HostPath, options: CopyOptions) {
    this.#tree = tree;
    this.#root = root;
    this.#target = target;
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
  }

  async single(node: TreeNode, stat: FileStat): Promise<CopyResult> {
    const before = this.#textThere();
    const after = await textOf(node, stat);
    if (!this.#options.check) sweepCopies(this.#target);
    await this.#file(this.#target, node, stat, true);
    return this.#result(before, after);
  }

  async folder(node: TreeNode, stat: FileStat): Promise<CopyResult> {
    const made: { path: HostPath; stat: FileStat }[] = [];
    this.#options.output?.();
    if (this.#folder(this.#target)) made.push({ path: this.#target, stat });
    for await (const batch of walk(this.#tree, node)) {
      for (const entry of batch) {
        this.#signal.throwIfAborted();
        if (entry.impossible) {
          this.#leftOut.push({ path: entry.path, why: "no file can have this name" });
          continue;
        }
        const path = below(this.#target, entry.path);
        if (entry.stat.type !== "directory") await this.#entry(path, entry);
        else if (this.#folder(path)) made.push({ path, stat: entry.stat });
      }
    }
    // From the inside out, and last: a folder without write permission could take nothing, and writing moves its time.
    for (const each of made.reverse()) this.#finishFolder(each.path, each.stat);
    return this.#result(null, null);
  }

  async #entry(path: HostPath, entry: WalkEntry): Promise<void> {
    const { node, stat } = entry;
    if (stat.type === "file") return this.#file(path, node, stat, false);
    if (stat.type === "symlink") return this.#link(path, entry);
    this.#leftOut.push({ path: entry.path, why: `a ${stat.type} is not copied` });
  }
  /** Gives whether it was not there before. */
  #folder(path: HostPath): boolean {
    const made = ensureFolder(path, this.#options.check ?? false);
    this.#files++;
    if (made) this.#copied++;
    return made;
  }

  async #file(path: HostPath, node: TreeNode, stat: FileStat, sync: boolean): Promise<void> {
    await using source = await node.fs.open(node.inode);
    const found = look(path);
    this.#files++;
    if (found?.isFile() && (found.mode & 0o7777) === this.#mode(stat)) {
      if (await sameContent(path, found, source, this.#signal)) return;
    }
    checkReplaceable(path, found, this.#options.overwrite ?? true);
    this.#copied++;
    if (this.#options.check) return;
    await writeFile(path, source, {
      stat,
      mode: this.#mode(stat),
      owner: this.#options.preserve ?? false,
      sync,
      signal: this.#signal,
      onBytes: (count) => this.#report(count),
      onWhole: this.#options.output,
    });
  }

  #report(count: number): void {
    this.#bytes += count;
    this.#options.progress?.({ phase: "copying", done: this.#bytes, unit: "bytes" });
  }

  #mode(stat: FileStat): number {
    return stat.mode & (this.#options.preserve ? 0o7777 : 0o777);
  }

  async #link(path: HostPath, { node, path: own, stat }: WalkEntry): Promise<void> {
    const { links = "safe", check, preserve } = this.#options;
    const stored = toBinary(await node.fs.readLink(node.inode));
    const folder = own.includes("/") ? folderIn(own) : "";
    const target = links === "safe" ? safeTarget(stored, folder, this.#root) : stored;
    if (links === "none" || target === null || target === "") {
      const why =
        links === "none" ? "links are not copied" : `its target ${printable(stored)} is outside the copied folder`;
      this.#leftOut.push({ path: own, why });
      return;
    }
    this.#files++;
    const found = look(path);
    if (found?.isSymbolicLink() && toBinary(readlinkSync(path, "buffer")) === target) return;
    checkReplaceable(path, found, this.#options.overwrite ?? true);
    this.#copied++;
    if (check) return;
    this.#options.output?.();
    await replaceWhole(path, (partial) => symlinkSync(Buffer.from(fromBinary(target)), partial));
    if (preserve) lchownSync(path, stat.uid, stat.gid);
  }

  #finishFolder(path: HostPath, stat: FileStat): void {
    if (this.#options.check) return;
    if (this.#options.preserve) lchownSync(path, stat.uid, stat.gid);
    chmodSync(path, this.#mode(stat));
    utimesSync(path, stat.atime.seconds, stat.mtime.seconds);
  }

  #textThere(): string | null {
    const found = look(this.#target);
    if (!found?.isFile() || found.size > TEXT_LIMIT) return null;
    return plainText(readFileSync(this.#target));
  }

  #result(before: string | null, after: string | null): CopyResult {
    const [copiedTo, files, copied, bytes, leftOut] = [
      this.#target,
      this.#files,
      this.#copied,
      this.#bytes,
      this.#leftOut,
    ];
    return { copiedTo, files, copied, bytes, leftOut, before, after };
  }
}

async function textOf({ fs, inode }: TreeNode, stat: FileStat): Promise<string | null> {
  if (stat.size > TEXT_LIMIT) return null;
  await using source = await fs.open(inode);
  return plainText(await source.read(0, source.size));
}

const strict = new TextDecoder("utf-8", { fatal: true });

function plainText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

function fault(code: string, path: Binary, what: string, help?: string): GuestkitError {
  const shown = printable(new TextDecoder().decode(fromBinary(path)) || "/");
  return new GuestkitError(`E_COPY_${code}`, `Cannot copy "${shown}": ${what}`, { help });
}
