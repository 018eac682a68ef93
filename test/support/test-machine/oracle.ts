import { readFile } from "node:fs/promises";
import { DUMP_TREE } from "../compare-tree.ts";
import type { TestDisk, TestMachine } from "./index.ts";

/** A file system to be read by the test machine's kernel. */
export interface OracleMount {
  /** What brings the device about (vgchange, mdadm, cryptsetup), for /bin/sh. */
  readonly open?: string;
  /** The device: one of /disk, or what `open` made. */
  readonly device: string;
  /** For mount, beside "ro". */
  readonly options?: string;
}

/**
 * What the kernel of the test machine finds in file systems: every file of each, with metadata and the SHA-256 of its
 * content, as dump-tree.py tells it: for `dumpedFacts`, and so for `differences` with what guestkit reads. All are read
 * in one boot, from disks that cannot be written unless they are said to be writable.
 */
export async function oracleTrees<Name extends string>(
  machine: TestMachine,
  disks: Readonly<Record<string, TestDisk>>,
  mounts: Readonly<Record<Name, OracleMount>>,
): Promise<Readonly<Record<Name, string>>> {
  const names = Object.keys(mounts) as Name[];
  const script = ["set -e", ...names.map((name) => readScript(name, mounts[name]))].join("\n");
  const { report } = await machine.run({ disks, script, files: { "dump-tree.py": await readFile(DUMP_TREE) } });
  const trees = names.map((name) => [name, Buffer.from(report.files.get(name) ?? "").toString()]);
  return Object.fromEntries(trees) as Record<Name, string>;
}

function readScript(name: string, { open = "", device, options }: OracleMount): string {
  return `${open}
mount -o ${options === undefined ? "ro" : `ro,${options}`} ${device} /mnt
python3 dump-tree.py /mnt > /sent/files/${name}
umount /mnt`;
}
