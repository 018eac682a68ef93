import type { DiskFileSystem } from "../disk/disk.ts";
import type { FstabEntry } from "../guest/fstab.ts";

/** Types that are no storage of the disk: the kernel's own, network and stacked ones. */
const VIRTUAL = new Set([
  ..."proc sysfs tmpfs ramfs devtmpfs devpts cgroup cgroup2 debugfs tracefs securityfs pstore hugetlbfs mqueue".split(
    " ",
  ),
  ..."configfs fusectl binfmt_misc bpf efivarfs autofs overlay aufs none swap ignore".split(" "),
  ..."nfs nfs4 cifs smb3 smbfs 9p virtiofs ceph glusterfs sshfs fuse.sshfs afs ncpfs lustre".split(" "),
]);

/** Whether a line of fstab asks for a file system on a disk. */
export function isStorage({ target, type, options }: FstabEntry): boolean {
  const bound = options.includes("bind") || options.includes("rbind");
  return target.startsWith("/") && !VIRTUAL.has(type) && !type.startsWith("fuse.") && !bound;
}

type Test = (each: DiskFileSystem) => boolean;

/** What follows the tag, compared as libblkid does: a UUID in any case. */
const TAGS: Readonly<Record<string, (value: string) => Test>> = {
  uuid: (value) => (each) => each.uuid?.toLowerCase() === value.toLowerCase(),
  label: (value) => (each) => each.label === value,
  partuuid: (value) => (each) => each.partition?.uuid?.toLowerCase() === value.toLowerCase(),
  partlabel: (value) => (each) => each.partition?.name === value,
};

/** The file system that fstab's first field means; null where this disk has none such. */
export function findDevice(spec: string, filesystems: readonly DiskFileSystem[]): DiskFileSystem | null {
  const test = testOf(spec);
  return (test && filesystems.find(test)) ?? null;
}

function testOf(spec: string): Test | null {
  const tagged = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.+)$/i.exec(spec);
  const linked = /^\/dev\/disk\/by-(uuid|label|partuuid|partlabel)\/(.+)$/.exec(spec);
  const tag = tagged ? tagged[1]?.toLowerCase() : linked?.[1];
  const value = tagged ? tagged[2] : linked && unescapeUdev(linked[2] ?? "");
  if (tag !== undefined && value) return TAGS[tag]?.(value) ?? null;
  const number = partitionNumber(spec);
  return number === null ? null : (each) => (each.partition?.number ?? 0) === number;
}

/** The first disk by any driver's name: sda1, vda1, hda1, xvda1, nvme0n1p1, mmcblk0p1; 0 is the disk itself. */
function partitionNumber(spec: string): number | null {
  const match = /^\/dev\/(?:(?:s|v|h|xv|ub)da|(?:nvme0n1|mmcblk0|loop0)(?:p(?=\d)|$))(\d*)$/.exec(spec);
  return match ? Number(match[1] || 0) : null;
}

/** udev writes what is odd in a name as `\x20`. */
function unescapeUdev(text: string): string {
  const bytes = text.replace(/\\x([0-9a-f]{2})/gi, "%$1").replace(/%(?![0-9a-f]{2})/gi, "%25");
  try {
    return decodeURIComponent(bytes);
  } catch {
    return text;
  }
}
