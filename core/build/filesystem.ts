import { truncate } from "node:fs/promises";
import { run } from "../host/program/process.ts";
import { writeFile } from "../host/write-file.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";

export type FileSystemType = "ext4" | "vfat" | "swap" | "xfs" | "btrfs";

export interface NewFileSystem {
  readonly type: FileSystemType;
  readonly label: string | null;
  readonly uuid: string | null;
  /** A folder whose content it starts with (ext4 and vfat). */
  readonly content: string | null;
}

interface Rules {
  /** Characters (swap, ext4: bytes) of a label. */
  readonly labelLimit: number;
  readonly uuid: RegExp;
  /** Bytes below which its mkfs refuses. */
  readonly minimum: number;
  readonly content: boolean;
}

const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** What each file system takes: checked before anything is made. */
export const fileSystemRules: Readonly<Record<FileSystemType, Rules>> = {
  ext4: { labelLimit: 16, uuid: UUID, minimum: 2 ** 20, content: true },
  vfat: { labelLimit: 11, uuid: /^[0-9a-fA-F]{4}-[0-9a-fA-F]{4}$/, minimum: 2 ** 20, content: true },
  swap: { labelLimit: 15, uuid: UUID, minimum: 40960, content: false },
  xfs: { labelLimit: 12, uuid: UUID, minimum: 300 * 2 ** 20, content: false },
  btrfs: { labelLimit: 255, uuid: UUID, minimum: 109 * 2 ** 20, content: false },
};

const COMMANDS: Readonly<Record<FileSystemType, (fs: NewFileSystem, file: string) => readonly string[]>> = {
  ext4: ({ label, uuid, content }, file) => [
    ...["mke2fs", "-q", "-F", "-t", "ext4", "-E", "lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0"],
    ...flag("-L", label),
    ...flag("-U", uuid),
    ...flag("-d", content),
    file,
  ],
  vfat: ({ label, uuid }, file) => [
    "mkfs.vfat",
    ...flag("-n", label),
    ...flag("-i", uuid?.replace("-", "") ?? null),
    file,
  ],
  swap: ({ label, uuid }, file) => ["mkswap", ...flag("-L", label), ...flag("-U", uuid), file],
  xfs: ({ label, uuid }, file) => [
    "mkfs.xfs",
    "-q",
    "-f",
    ...flag("-L", label),
    ...(uuid === null ? [] : ["-m", `uuid=${uuid}`]),
    file,
  ],
  btrfs: ({ label, uuid }, file) => ["mkfs.btrfs", "-q", ...flag("-L", label), ...flag("-U", uuid), file],
};

const flag = (name: string, value: string | null) => (value === null ? [] : [name, value]);

/** The command and arguments of a file system's mkfs. */
export function mkfsCommand(fs: NewFileSystem, file: string): readonly string[] {
  return COMMANDS[fs.type](fs, file);
}

/** An empty sparse file of `size` bytes, for a file system to be made in. */
export async function blankFile(file: string, size: number): Promise<void> {
  await writeFile(file, "", { flag: "wx", mode: 0o600 });
  await truncate(file, size);
}

/**
 * Reads back what mkfs wrote: its exit code is no proof. Throws `E_MKFS_UNPROVEN`.
 */
export async function verifyFileSystem(file: string, wanted: NewFileSystem, context: Context): Promise<void> {
  const { signal } = context;
  const { stdout } = await run("blkid", ["-p", "-o", "export", file], { signal, accept: [0, 2, 8] });
  const found = new Map(stdout.split("\n").map((line) => cut(line, "=")));
  const same = (key: string, value: string | null) =>
    value === null || found.get(key)?.toLowerCase() === value.toLowerCase();
  // blkid writes blanks and the like with a backslash before them.
  const label = found.get("LABEL")?.replaceAll("\\", "") ?? "";
  const labelled = wanted.label === null || label.toLowerCase() === wanted.label.toLowerCase();
  if (found.get("TYPE") !== wanted.type || !same("UUID", wanted.uuid) || !labelled) throw unproven(wanted, stdout);
  if (wanted.type === "ext4") await run("e2fsck", ["-f", "-n", file], { signal, doing: "check the new ext4" });
  if (wanted.type === "vfat") await run("fsck.fat", ["-n", file], { signal, doing: "check the new vfat" });
}

function cut(line: string, at: string): [string, string] {
  const index = line.indexOf(at);
  return [line.slice(0, index), line.slice(index + 1)];
}

function unproven(wanted: NewFileSystem, found: string): GuestkitError {
  return new GuestkitError(
    "E_MKFS_UNPROVEN",
    `Cannot make ${wanted.type}: its mkfs reported success, but what it wrote is something else: ${found.trim() || "nothing"}`,
    { help: "Is the disk full? See df -h; then run again." },
  );
}
