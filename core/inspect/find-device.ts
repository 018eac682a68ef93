import { ourName } from "../disk/names.ts";
import type { DeviceNode } from "../disk/node.ts";
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

/** Before the names of a file system's own trees. */
const SUBVOLUME = "btrfsvol:";

type Test = (each: DeviceNode) => boolean;

/** What follows the tag, compared as libblkid does: a UUID in any case. */
const TAGS: Readonly<Record<string, (value: string) => Test>> = {
  uuid: (value) => (each) => each.uuid?.toLowerCase() === value.toLowerCase(),
  label: (value) => (each) => each.label === value,
  partuuid: (value) => (each) => each.partition?.uuid?.toLowerCase() === value.toLowerCase(),
  partlabel: (value) => (each) => each.partition?.name === value,
};

/**
 * The device that a name means, as fstab's first field has it: UUID=, LABEL=, a link below /dev/disk, any name of a
 * device. Of copies with one UUID the first that can be read; null where there is none.
 */
export function findDevice(spec: string, nodes: readonly DeviceNode[]): DeviceNode | null {
  const test = testOf(spec);
  const isOfKind = ({ kind }: DeviceNode) => (kind === "subvolume") === spec.startsWith(SUBVOLUME);
  const found = test ? nodes.filter(isOfKind).filter(test) : [];
  return found.find(({ fs }) => fs) ?? found[0] ?? null;
}

function testOf(spec: string): Test | null {
  const tagged = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.+)$/i.exec(spec);
  const linked = /^\/dev\/disk\/by-(uuid|label|partuuid|partlabel)\/(.+)$/.exec(spec);
  const tag = tagged ? tagged[1]?.toLowerCase() : linked?.[1];
  const value = tagged ? tagged[2] : linked && unescapeUdev(linked[2] ?? "");
  if (tag !== undefined && value) return TAGS[tag]?.(value) ?? null;
  const plain = spec.replace(/^\/dev\/disk\/by-id\/dm-name-/, "/dev/mapper/");
  const name = plain.replace(/^(?:btrfsvol:)?(\/dev\/[^/]+)/, (whole, device: string) =>
    whole.replace(device, ourName(device)),
  );
  return (each) => each.device === name || each.aliases.includes(plain);
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
