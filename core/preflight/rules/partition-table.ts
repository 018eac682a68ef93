import type { Fault, Rule } from "../rule.ts";
import type { DiskSubject, Subject } from "../subject.ts";
import { cannot, eachDisk } from "./words.ts";

export const sectorSize: Rule = {
  code: "P_SECTOR_SIZE",
  severity: "error",
  summary: "A disk's partition table counts in larger or smaller sectors than the disk has.",
  explanation:
    "A GPT tells places in sectors and stands in the second one: firmware and kernel look at the wrong place and see no partition. Images are made for sectors of 4096 bytes by copying such a disk. Looked at: the table of every image, and sector_size.",
  help: "Set sector_size of the disk to what the table counts in, or make the table anew.",
  check: (subject) =>
    eachDisk(subject, ({ key, disk, facts }) => {
      const counted = facts?.sectorSize ?? null;
      if (counted === null || counted === disk.sector_size) return [];
      const table = `the partition table of "${disk.image}" counts in sectors of ${counted} bytes`;
      const what = `${table}, and disk ${key} has ${disk.sector_size}: firmware and kernel see no partition`;
      const help = `Set disks.${key}.sector_size to ${counted}${fits(disk.bus, counted)}.`;
      return [{ message: cannot(subject, what), path: ["disks", key, "sector_size"], help }];
    }),
};

const fits = (bus: string, size: number) =>
  size === 4096 && ["sata", "ide", "usb"].includes(bus)
    ? ', and a bus that has such disks: "virtio", "scsi", "nvme"'
    : "";

export const tableDamaged: Rule = {
  code: "P_TABLE_DAMAGED",
  severity: "error",
  summary: "A disk's primary GPT, or the protective MBR before it, is damaged.",
  explanation:
    "guestkit reads the backup, and Linux does not: it sees no partition. UEFI firmware mends the primary of a disk that may be written to, and a machine boots without its other disks: there it is only a warning.",
  help: "Mend it: gdisk IMAGE, then r, b, c, w (raw images); or let it grow (size of the disk_image): that writes both copies anew.",
  check: (subject) => eachDisk(subject, (each) => damages(subject, each)),
};

/** The machine comes up without what lies on its other disks. */
function damages(subject: Subject, { key, disk, facts }: DiskSubject): readonly Fault[] {
  const { firmware, boot } = subject;
  const mended = firmware === "uefi" && !disk.read_only;
  const severity = mended || boot?.key !== key ? "warning" : "error";
  return (facts?.tableFaults ?? []).map((fault) => {
    const message = cannot(subject, `"${disk.image}": ${fault}: Linux sees no partition`);
    return { message, path: ["disks", key, "image"], severity };
  });
}
