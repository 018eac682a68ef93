import { type CommandLine, parameter, parameters } from "../../guest/command-line.ts";
import type { FstabEntry } from "../../guest/fstab.ts";
import { systemdDevice } from "../../guest/fstab-systemd.ts";
import type { PartitionFacts } from "../facts/facts.ts";
import { type Identifiers, identifiers, mountedPartition, namedPartition } from "../identifiers.ts";
import type { Fault, Rule } from "../rule.ts";
import type { Subject } from "../subject.ts";
import { cannot, image, imagePath } from "./words.ts";

export const fstabRoot: Rule = {
  code: "P_FSTAB_ROOT",
  severity: "error",
  summary: "The root file system of fstab exists on no disk.",
  explanation:
    "UUIDs and labels change when a file system is made anew, and fstab does not. Looked at: UUID, LABEL, PARTUUID and PARTLABEL of every disk of the machine. Silent where a disk holds LVM, RAID or something encrypted.",
  help: "Correct fstab in the image, or give the file system its old UUID: tune2fs -U, xfs_admin -U, btrfstune -U.",
  check: (subject) => missingEntries(subject, ({ target }) => target === "/"),
};

export const fstabMount: Rule = {
  code: "P_FSTAB_MOUNT",
  severity: "error",
  summary: "fstab mounts something that is on no disk: systemd waits for it, then goes into emergency mode.",
  explanation:
    "The same for other mount points, without nofail, noauto or an automount, on systems with systemd. Names are taken as systemd takes them: one pair of quotes, the escapes of getmntent(3) alone, a UUID's letters as the file system has them. A fault is also a type that is not the file system's own, and a carriage return that ends the options.",
  help: "Correct that line of fstab in the image, add nofail to it, or attach the disk.",
  check: (subject) => {
    const wanted = ({ target, type, options }: FstabEntry) => {
      const waited = !options.some((each) => /^(?:nofail|noauto|_netdev|x-systemd\.automount)$/.test(each));
      return target !== "/" && type !== "swap" && waited && (subject.system?.systemd ?? false);
    };
    const wrong = (subject.system?.fstab ?? []).filter(wanted).flatMap((entry) => wrongEntries(subject, entry));
    return [...missingEntries(subject, wanted), ...wrong];
  },
};

export const fstabSwap: Rule = {
  code: "P_FSTAB_SWAP",
  severity: "warning",
  summary: "fstab swaps to something that is on no disk: the boot waits 90 seconds for it.",
  explanation: "As for mount points; the machine comes up all the same.",
  help: "Remove that line from fstab in the image, or add nofail.",
  check: (subject) =>
    missingEntries(
      subject,
      ({ type, options }) => type === "swap" && !options.some((each) => /^no(?:fail|auto)$/.test(each)),
    ),
};

/** Lines whose device is on no disk. systemd looks for it to the letter; the root is there already when it comes to that. */
function missingEntries(subject: Subject, wanted: (entry: FstabEntry) => boolean): readonly Fault[] {
  const known = identifiers(subject);
  if (!known) return [];
  const strict = subject.system?.systemd ?? false;
  return (subject.system?.fstab ?? []).filter(wanted).flatMap((entry) => {
    const generous = namedPartition(entry.spec, known);
    const found = strict && entry.target !== "/" ? mountedPartition(entry, known) : generous;
    return found === null ? [lostEntry(subject, entry, generous ?? null)] : [];
  });
}

/** @param nearly what a more generous reader would take for it */
function lostEntry(subject: Subject, entry: FstabEntry, nearly: PartitionFacts | null): Fault {
  const { spec, target, type, fields } = entry;
  const place = type === "swap" ? "swap" : target;
  const wants = `/etc/fstab in ${image(subject)} wants ${fields[0] ?? spec} for ${place}`;
  const waited = `systemd waits for ${systemdDevice(entry)}, which is spelled another way`;
  return { message: cannot(subject, `${wants}, and ${nearly ? waited : "no disk has it"}`), path: imagePath(subject) };
}

/** What one driver mounts under several names. */
const FAMILIES = [/^ext[234]$/, /^(?:vfat|msdos|fat\d*)$/, /^(?:ntfs|ntfs3|ntfs-3g|fuseblk)$/, /^exfat(?:-fuse)?$/];

/** Lines that mount something as what it is not, or with options that no driver knows. */
function wrongEntries(subject: Subject, entry: FstabEntry): readonly Fault[] {
  const known = identifiers(subject);
  const is = (known && mountedPartition(entry, known))?.filesystem ?? null;
  const { target, type, fields } = entry;
  const fault = (what: string) => [
    { message: cannot(subject, `/etc/fstab in ${image(subject)} ${what}`), path: imagePath(subject) },
  ];
  if (fields.slice(1, 4).some((field) => field.endsWith("\r")))
    return fault(`has a carriage return in the last field for ${target}, which belongs to it for systemd`);
  const fits = is === null || type === "auto" || type.startsWith("fuse") || is === type;
  if (fits || FAMILIES.some((family) => family.test(type) && family.test(is))) return [];
  return fault(`mounts ${fields[0]} at ${target} as ${type}, and it is ${is}`);
}

export const cmdlineRoot: Rule = {
  code: "P_CMDLINE_ROOT",
  severity: "error",
  summary: "The kernel's command line names a root file system that is on no disk.",
  explanation:
    "Looked at: root= in GRUB's menu, in boot loader entries, in unified kernel images and in cmdline. A fault where every entry of the menu is wrong.",
  help: "Make the menu anew in the image (update-grub), correct cmdline, or give the file system its old UUID.",
  check: (subject) => {
    const known = identifiers(subject);
    const lines = linesOf(subject).flatMap(({ file, text }) => {
      const root = parameter(text, "root");
      return root === null ? [] : [{ file, root }];
    });
    const [first] = lines;
    if (!known || !first || lines.some(({ root }) => !isLost(root, known))) return [];
    const direct = subject.firmware === null;
    const where = direct ? "cmdline" : `${first.file} in ${image(subject)}`;
    const message = cannot(subject, `${where} has root=${first.root}, and no disk has it`);
    return [{ message, path: direct ? ["cmdline"] : imagePath(subject) }];
  },
};

const PREFIX: Readonly<Record<string, string>> = {
  virtio: "vd",
  scsi: "sd",
  sata: "sd",
  ide: "sd",
  usb: "sd",
  nvme: "nvme",
};

export const deviceName: Rule = {
  code: "P_DEVICE_NAME",
  severity: "error",
  summary: "fstab or the kernel's command line names a disk as another bus would.",
  explanation: "virtio disks are vda and on, NVMe ones nvme0n1, all others sda and on.",
  help: "Use the bus that the image was made for, or name the file system by its UUID.",
  check: (subject) => {
    const { machine, system, wholeStorage } = subject;
    if (!system || !wholeStorage) return [];
    const prefixes = new Set(Object.values(machine.disks).map(({ bus }) => PREFIX[bus]));
    const wrong = (spec: string) => {
      const prefix = /^\/dev\/(sd|vd|hd|xvd|nvme)(?:[a-z]\d*|\d+n\d+(?:p\d+)?)$/.exec(spec)?.[1];
      return prefix !== undefined && !prefixes.has(prefix);
    };
    const roots = linesOf(subject).map(({ file, text }) => ({ file, root: parameter(text, "root") ?? "" }));
    const [first] = roots;
    const faults: Fault[] = [];
    if (first && roots.every(({ root }) => wrong(root))) {
      const where = subject.firmware === null ? "cmdline" : `${first.file} in ${image(subject)}`;
      faults.push({
        message: cannot(subject, `${where} has root=${first.root}, ${busesOf(subject)}`),
        path: imagePath(subject),
      });
    }
    const lines = system.fstab.filter(
      ({ spec, options }) => wrong(spec) && !options.some((each) => /^no(?:fail|auto)$/.test(each)),
    );
    for (const { spec, target } of lines) {
      const what = `/etc/fstab in ${image(subject)} wants ${spec} for ${target}, ${busesOf(subject)}`;
      faults.push({ message: cannot(subject, what), path: imagePath(subject) });
    }
    return faults;
  },
};

function busesOf({ machine }: Subject): string {
  const each = Object.entries(machine.disks).map(([key, { bus }]) => `disk ${key} is on bus ${bus} (${PREFIX[bus]}*)`);
  return `and ${each.join(", ")}`;
}

export const consoleClosed: Rule = {
  code: "P_CONSOLE",
  severity: "warning",
  summary: "The kernel's command line opens no serial console.",
  explanation:
    "Without console=ttyS0 the boot shows nothing on the serial line: console.log stays empty, a failed boot cannot be told from a slow one, and a text that wait_for expects from the kernel never comes (then it is an error).",
  help: "Add console=tty0 console=ttyS0,115200 to the kernel's command line in the image (GRUB_CMDLINE_LINUX), or to cmdline.",
  check: (subject) => {
    const lines = linesOf(subject);
    const unknown = lines.some(({ text }) => text.includes("$"));
    if (lines.length === 0 || unknown || lines.some(({ text }) => opensSerial(text))) return [];
    const direct = subject.firmware === null;
    const where = direct ? "cmdline" : `${lines[0]?.file} in ${image(subject)}`;
    const index = (subject.machine.wait_for ?? []).findIndex(({ condition }) => condition === "console");
    const message = cannot(subject, `${where} has no console=ttyS0`, "watch");
    if (index >= 0) return [{ message, path: ["wait_for", index], severity: "error" }];
    return [{ message, path: direct ? ["cmdline"] : imagePath(subject) }];
  },
};

const opensSerial = (text: string) =>
  parameters(text, "console").some((value) => /^(?:ttyS0|uart)/.test(value)) ||
  parameters(text, "earlyprintk").some((value) => /serial|ttyS0/.test(value) && value.endsWith("keep"));

/** Command lines that may come to be used; those of a kernel that is started directly are the declared one. */
function linesOf({ machine, system, firmware, knows }: Subject): readonly CommandLine[] {
  if (firmware !== null) return system?.commandLines ?? [];
  return machine.kernel !== null && knows("cmdline") ? [{ file: "cmdline", text: machine.cmdline ?? "" }] : [];
}

/** A name by UUID or label that no disk has; device paths are told by `deviceName`. */
function isLost(spec: string, known: Identifiers): boolean {
  return namedPartition(spec, known) === null;
}
