import { formatSize } from "../../kit/size.ts";
import type { Fault, Rule } from "../rule.ts";
import type { DiskSubject, Subject } from "../subject.ts";
import { cannot, eachDisk } from "./words.ts";

export const imageMissing: Rule = {
  code: "P_IMAGE_MISSING",
  severity: "error",
  summary: "A disk's image is not there, and nothing in the same apply makes it.",
  explanation:
    "QEMU would end at once. An image that a disk_image of the same apply makes is judged by its declaration.",
  help: "Declare a disk_image with this path, or correct the path.",
  check: (subject) =>
    eachDisk(subject, ({ key, disk, declared }) =>
      !declared && subject.missing.has(disk.image)
        ? [{ message: cannot(subject, `disk ${key} is "${disk.image}", and there is no such file`), path: at(key) }]
        : [],
    ),
};

export const noDisk: Rule = {
  code: "P_NO_DISK",
  severity: "error",
  summary: "A disk's image, or a drive's medium, is evidently none.",
  explanation:
    "Text (a page instead of a download), an archive, a compressed file, a format that is not read, a raw file whose length is no multiple of 512. Looked at: its first bytes and its length, unless a declaration or record says what it is.",
  help: "Unpack or convert it, or fetch it again; where it is a raw disk all the same, say format = raw.",
  check: (subject) => [
    ...eachDisk(subject, ({ key, error, refused }) =>
      refused && error !== null && !isEncrypted(error) ? [{ message: cannot(subject, error), path: at(key) }] : [],
    ),
    ...Object.entries(subject.machine.cdroms ?? {}).flatMap(([key, { image }]) => {
      const why = image === null ? undefined : subject.noMedia?.get(image);
      const message = cannot(subject, `the medium of drive ${key}, "${image}": ${why}`);
      return why === undefined ? [] : [{ message, path: ["cdroms", key, "image"] }];
    }),
  ],
};

export const contentUnknown: Rule = {
  code: "P_CONTENT_UNKNOWN",
  severity: "warning",
  summary: "An image is taken for a raw disk, and holds nothing that is known.",
  explanation:
    "It may be a format that guestkit does not know, or data of your own. Looked at: the first sectors, where no declaration or record says what the file is; the first start leaves a record.",
  help: "Where it is a raw disk, say format = raw.",
  check: (subject) =>
    eachDisk(subject, ({ key, disk, unknown }) =>
      unknown
        ? [
            {
              message: `Cannot tell what "${disk.image}" is: it holds no partition table and no file system`,
              path: at(key),
            },
          ]
        : [],
    ),
};

export const unreadable: Rule = {
  code: "P_UNREADABLE",
  severity: "warning",
  summary: "An image, or a part of it, cannot be read.",
  explanation:
    "Damage, or a format that guestkit does not read: whether the machine will come up cannot be told, and other rules stay silent about that part.",
  help: "Look closer: guestkit inspect IMAGE; check the image: qemu-img check IMAGE.",
  check: (subject) =>
    eachDisk(subject, ({ key, disk, facts, error, refused }) =>
      [...(error === null || isEncrypted(error) || refused ? [] : [error]), ...(facts?.unread ?? [])].map((why) => ({
        message: `Cannot tell whether "${subject.machine.name}" boots: "${disk.image}": ${why}`,
        path: at(key),
      })),
    ),
};

export const imageEncrypted: Rule = {
  code: "P_IMAGE_ENCRYPTED",
  severity: "error",
  summary: "The image is encrypted, or its root file system is.",
  explanation:
    "QEMU cannot open an encrypted qcow2 without its key, and a system on an encrypted partition asks for a passphrase on its console, which nobody answers. Looked at: the qcow2 header, partitions of type crypto_LUKS on a disk without another system.",
  help: 'Decrypt it into another image (qemu-img convert), or set the condition of wait_for to "none" and answer on the console.',
  check: (subject) =>
    eachDisk(subject, (each) => {
      const why = encryption(each);
      if (why === null || (each.error === null && !waits(subject))) return [];
      return [{ message: cannot(subject, `"${each.disk.image}" ${why}`), path: at(each.key) }];
    }),
};

function encryption({ error, facts }: DiskSubject): string | null {
  if (error !== null) return isEncrypted(error) ? "is encrypted" : null;
  const luks = facts?.partitions.find(({ filesystem }) => filesystem === "crypto_LUKS");
  if (!luks || facts?.system) return null;
  return `holds its system in an encrypted partition${luks.number > 0 ? ` (${luks.number})` : ""}`;
}

const isEncrypted = (error: string) => /encrypted/i.test(error);

/** Something in the guest is waited for; what is chosen where the user is silent waits for what there is. */
export function waits({ machine }: Subject): boolean {
  return (machine.wait_for ?? []).some(({ condition }) => condition !== "none");
}

export const imageInUse: Rule = {
  code: "P_IMAGE_IN_USE",
  severity: "error",
  summary: "Another machine writes to the image that this one stands on.",
  explanation:
    "Two machines that write to one image destroy it; so does one that writes to the base of another's overlay. Looked at: the records of this user's machines and QEMU's own locks. Only a warning where the other machine does not run now.",
  help: "Give each machine its own thin copy (set overlay to true), or stop the other one.",
  check: (subject) => eachDisk(subject, (each) => usedTwice(subject, each)),
};

function usedTwice(subject: Subject, { key, disk }: DiskSubject): readonly Fault[] {
  const { others, locked, made, machine } = subject;
  const writesHere = !disk.overlay && !disk.read_only;
  const path = at(key);
  // Whether a template runs is asked of the template as a whole.
  const strangers = others.filter(({ name }) => name !== disk.from);
  const clash = strangers.flatMap((other) =>
    other.disks
      .filter(({ image }) => image === disk.image)
      .filter(({ overlay, readOnly }) => (!overlay && !readOnly) || (writesHere && (overlay || !readOnly)))
      .map(({ overlay }) => ({ name: other.name, overlay })),
  )[0];
  if (clash) {
    const how = clash.overlay ? "has an overlay over it" : "writes to it";
    const message = cannot(subject, `machine "${clash.name}" ${how}: "${disk.image}"`);
    return [{ message, path, severity: locked.has(disk.image) || clash.overlay ? "error" : "warning" }];
  }
  if (!writesHere || made || !locked.has(disk.image)) return [];
  return [{ message: `Cannot boot "${machine.name}": another process has "${disk.image}" open`, path }];
}

export const diskSmaller: Rule = {
  code: "P_DISK_SMALLER",
  severity: "error",
  summary: "A disk is smaller than its image, or an image smaller than its backing file or its partitions.",
  explanation:
    "The end of the file system would be cut off, and the guest would find it damaged. Looked at: size of the disk, of the image and of its backing file, and the partition table.",
  help: "Leave size out, or make it as large as the image.",
  check: (subject) =>
    eachDisk(subject, ({ key, disk, facts }) => {
      if (!facts) return [];
      const bytes = (size: number) => `${formatSize(size)} (${size} bytes)`;
      const { virtualSize, backingSize } = facts;
      if (disk.size !== null && disk.size < virtualSize) {
        const what = `disk ${key} has ${bytes(disk.size)}, and its image "${disk.image}" ${bytes(virtualSize)}`;
        return [{ message: cannot(subject, what), path: ["disks", key, "size"], help: `Use ${virtualSize} or more.` }];
      }
      const backing = backingSize !== null && virtualSize < backingSize && (disk.size ?? 0) < backingSize;
      const short = backing
        ? [`"${disk.image}" has ${bytes(virtualSize)}, and its backing file ${bytes(backingSize)}`]
        : facts.cutOff.map((each) => `"${disk.image}": ${each}`);
      const help = `Make it larger: qemu-img resize "${disk.image}" ${backing ? backingSize : "SIZE"}; or fetch it again.`;
      return short.map((what) => ({ message: cannot(subject, what), path: at(key), help }));
    }),
};

export const noSystem: Rule = {
  code: "P_NO_SYSTEM",
  severity: "error",
  summary: "Something in the guest is waited for, and no disk holds a system.",
  explanation:
    "A blank disk, or one whose content is not recognised. Not looked at where a kernel is started directly or a CD-ROM has a medium.",
  help: 'Use an image with a system, put an installer into a drive (cdroms), or set the condition of wait_for to "none".',
  check: (subject) => {
    const { machine, boot, disks, wholeStorage } = subject;
    const media = Object.values(machine.cdroms ?? {}).some(({ image }) => image !== null);
    const network = machine.extra_args?.some((each) => /-boot|bootindex/.test(each)) ?? false;
    if (!waits(subject) || !wholeStorage || subject.firmware === null || media || network) return [];
    if (!subject.knows("cdroms") || disks.some((each) => holdsMore(each))) return [];
    const what = boot
      ? `there is no operating system on "${boot.disk.image}"`
      : "it has no disk, drive or kernel to boot";
    return [{ message: cannot(subject, what), path: boot ? at(boot.key) : ["disks"] }];
  },
};

/** A system, or something in which one may be. */
function holdsMore({ facts, error }: DiskSubject): boolean {
  if (error !== null || !facts || facts.system || facts.unread.length > 0) return true;
  const content = facts.partitions.filter(({ filesystem }) => filesystem !== null);
  return content.some(
    ({ filesystem }) =>
      !["vfat", "swap"].includes(filesystem ?? "") && !/^(?:ext[234]|xfs|btrfs)$/.test(filesystem ?? ""),
  );
}

const at = (key: string) => ["disks", key, "image"];
