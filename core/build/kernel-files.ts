/** Files put into a file system that no tool of the host's writes to: a kernel mounts it, in the appliance. */
import { MEMORY } from "../appliance/appliance.ts";
import { runInAppliance } from "../appliance/shared.ts";
import { findTool } from "../host/program/process.ts";
import { lastLines } from "../host/program/tail-buffer.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import { shellQuote as quote } from "../kit/shell.ts";
import { imageNode } from "../qemu/block/node.ts";
import type { EditableDisk } from "./edit.ts";
import type { KernelMount } from "./guest-disk.ts";
import type { PlacedFile } from "./wanted-file.ts";

const LINES = 8;
/** Bytes. */
const SMALL = 64 << 20;

/** Throws `E_TOOL_MISSING` where this host has nothing to start the appliance with. */
export async function demandKernel(): Promise<void> {
  findTool("qemu-system-x86_64");
}

/** Writes files into what a kernel mounts. Throws `E_FILES_KERNEL` with what its tools said, and what the appliance throws. */
export async function writeKernelFiles(
  disk: EditableDisk,
  mount: KernelMount,
  files: readonly PlacedFile[],
  context: Context,
): Promise<void> {
  const staged = files.map(({ bytes }, at) => [`file${at}`, bytes] as const);
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  // They lie in its memory once packed and once as files; small ones have room beside what it needs itself.
  const memory = total < SMALL ? MEMORY : MEMORY + Math.ceil((2 * total) / (1 << 20));
  await disk.editDisk(async (image) => {
    const job = {
      disks: { image: { node: imageNode(image), isWritable: true } },
      script: scriptOf(mount, files),
      files: Object.fromEntries(staged),
      phase: "writing files",
    };
    const report = await runInAppliance({ memory }, job, context);
    if (report.code !== 0) throw failed(mount, report.stderr);
  });
}

/** What stands on the disk is brought about first. */
const OPEN = `set -e
disk=$(readlink /disk/image)
part() { case "$disk" in *[0-9]) echo "\${disk}p$1" ;; *) echo "$disk$1" ;; esac; }
vgchange -qq -ay > /dev/null
`;

/** A replaced file's label stays; capabilities and checksums would not be the new content's. */
const PUT = `put() {
  label=$(getfattr -h --absolute-names -e hex -n security.selinux "./$5" 2> /dev/null | sed -n 's/^security.selinux=//p')
  rm -f "./$5"
  cat "/job/$1" > "./$5"
  chown "$3:$4" "./$5"
  chmod "$2" "./$5"
  [ -z "$label" ] || setfattr -n security.selinux -v "$label" "./$5"
}
make() { mkdir -m 755 "./$1"; cd "./$1"; }
`;

/** What a file system's own tool says of it behind the change; it writes nothing. */
const CHECKS: Readonly<Record<string, string>> = {
  // One with a single allocation group has nothing to hold its geometry against.
  xfs: "xfs_repair -n -o force_geometry",
  btrfs: "btrfs check --readonly --force",
  ext: "e2fsck -f -n",
};

function scriptOf({ device, type, options }: KernelMount, files: readonly PlacedFile[]): string {
  const named = device === null ? '"$disk"' : typeof device === "number" ? `"$(part ${device})"` : quote(device);
  const check = CHECKS[type] ?? CHECKS.ext;
  return [
    ...[OPEN, PUT, `device=${named}`],
    `mount -t ${type}${options && ` -o ${options}`} "$device" /mnt`,
    ...files.flatMap((file, at) => commandsFor(file, `file${at}`)),
    ...["cd /", "umount /mnt", `${check} "$device" > /run/check 2>&1 || { tail -n ${LINES} /run/check >&2; exit 1; }`],
    "",
  ].join("\n");
}

/** Enters name by name, none of which is a link. */
function commandsFor({ folder, missing, name, mode, uid, gid }: PlacedFile, staged: string): readonly string[] {
  const below = folder.map((each) => `/${nameOf(each)}`).join("");
  return [
    `cd ${quote(`/mnt${below}`)}`,
    ...missing.map((each) => `make ${quote(each)}`),
    `put ${staged} ${mode.toString(8).padStart(4, "0")} ${uid} ${gid} ${quote(name)}`,
  ];
}

/** The script is text. Throws `E_FILES_NAME`. */
function nameOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const shown = printable(new TextDecoder().decode(bytes));
    throw new GuestkitError("E_FILES_NAME", `Cannot write below "${shown}": the directory's name is no UTF-8`, {
      cause,
    });
  }
}

function failed({ type }: KernelMount, said: string): GuestkitError {
  const told = lastLines(said, LINES).join("\n") || "its tools said nothing";
  return new GuestkitError("E_FILES_KERNEL", `Cannot write files into the ${type} of the image: ${told}`, {
    at: { field: ["files"] },
    help: "Is the file system full, or damaged? See: guestkit inspect. The image is as it was.",
  });
}
