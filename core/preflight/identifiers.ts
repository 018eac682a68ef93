import type { FstabEntry } from "../guest/fstab.ts";
import { type DiskLink, diskLink, systemdDevice } from "../guest/fstab-systemd.ts";
import type { PartitionFacts } from "./facts/facts.ts";
import type { Subject } from "./subject.ts";

const BIOS_BOOT = "21686148-6449-6e6f-744e-656564454649";
/** Content in which further file systems may be. */
const LAYERED = /LVM|raid|LUKS|bcache|zfs|drbd|VMFS|multipath|BitLocker/i;
/** What is too small to hold a file system that anybody mounts, and may be anything. */
const TOO_SMALL = 4 << 20;

const NAMES: Readonly<Record<DiskLink, (each: PartitionFacts) => string | null>> = {
  uuid: ({ uuid }) => uuid,
  label: ({ label }) => label,
  partuuid: ({ partuuid }) => partuuid?.toLowerCase() ?? null,
  partlabel: ({ name }) => name,
};

/** Names of all that is on all disks. */
export interface Identifiers {
  /** What a name leads to, without regard to its letters' size; null where it leads nowhere. */
  readonly byName: (tag: DiskLink, value: string) => PartitionFacts | null;
  /** The same of a link below /dev/disk, to the letter. */
  readonly byLink: (path: string) => PartitionFacts | null;
}

/** Null where something on a disk may hold more than is seen. */
export function identifiers({ disks, wholeStorage }: Subject): Identifiers | null {
  if (!wholeStorage || disks.some(({ facts }) => !facts || facts.unread.some((each) => each.startsWith("/dev/"))))
    return null;
  const all = disks.flatMap(({ facts }) => facts?.partitions ?? []);
  const opaque = all.some(({ filesystem, type, size, isOpen }) =>
    filesystem === null ? type !== BIOS_BOOT && size > TOO_SMALL : LAYERED.test(filesystem) && !isOpen,
  );
  if (opaque) return null;
  const links = new Map<string, PartitionFacts>();
  const names = new Map<string, PartitionFacts>();
  for (const tag of Object.keys(NAMES) as DiskLink[]) {
    for (const each of all) {
      const value = NAMES[tag](each);
      if (value) links.set(diskLink(tag, value), each);
      if (value) names.set(`${tag} ${value.toLowerCase()}`, each);
    }
  }
  return {
    byName: (tag, value) => names.get(`${tag} ${value.toLowerCase()}`) ?? null,
    byLink: (path) => links.get(path) ?? null,
  };
}

/** What a name by UUID or label leads to, as boot loaders and initial RAM disks take it; undefined for other names. */
export function namedPartition(spec: string, { byName }: Identifiers): PartitionFacts | null | undefined {
  const [, tag, value] = /^(?:\/dev\/disk\/by-)?(uuid|label|partuuid|partlabel)[=/](.+)$/i.exec(spec) ?? [];
  if (!tag || !value || /[$\\%]/.test(value) || /PARTNROFF/.test(value)) return undefined;
  return byName(tag.toLowerCase() as DiskLink, value.replace(/^"(.*)"$/, "$1"));
}

/** The same of a line of fstab, as systemd takes it. */
export function mountedPartition(entry: FstabEntry, { byLink }: Identifiers): PartitionFacts | null | undefined {
  const device = systemdDevice(entry);
  return device && /^\/dev\/disk\/by-(?:uuid|label|partuuid|partlabel)\//.test(device) ? byLink(device) : undefined;
}
