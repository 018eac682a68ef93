import { type CommandLine, parameter, parameters } from "../../../guest/command-line.ts";
import type { FstabEntry } from "../../../guest/fstab.ts";
import type { Fault, Rule } from "../rule.ts";
import type { Subject } from "../subject.ts";
import { cannot, image, imagePath } from "./words.ts";

export const fstabRoot: Rule = {
  code: "P_FSTAB_ROOT",
  severity: "error",
  summary: "The root file system of fstab exists on no disk.",
  explanation:
    "UUIDs and labels change when a file system is made anew, and fstab does not. Looked at: UUID, LABEL, PARTUUID and PARTLABEL of every disk of the machine. Silent where a disk holds LVM, RAID or something encrypted.",
  help: "Correct fstab in the image, or give the file system its old UUID: tune2fs -U.",
  check: (subject) => missingEntries(subject, ({ target }) => target === "/"),
};

export const fstabMount: Rule = {
  code: "P_FSTAB_MOUNT",
  severity: "error",
  summary: "fstab mounts something that is on no disk: systemd waits for it, then goes into emergency mode.",
  explanation: "The same for other mount points, without nofail, noauto or an automount, on systems with systemd.",
  help: "Add nofail to that line of fstab in the image, or attach the disk.",
  check: (subject) =>
    missingEntries(subject, ({ target, type, options }) => {
      const waited = !options.some((each) => /^(?:nofail|noauto|_netdev|x-systemd\.automount)$/.test(each));
      return target !== "/" && type !== "swap" && waited && (subject.system?.systemd ?? false);
    }),
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

function missingEntries(subject: Subject, wanted: (entry: FstabEntry) => boolean): readonly Fault[] {
  const known = identifiers(subject);
  if (!known) return [];
  const lost = (subject.system?.fstab ?? []).filter((entry) => wanted(entry) && isLost(entry.spec, known));
  return lost.map(({ spec, target, type }) => {
    const what = `/etc/fstab in ${image(subject)} wants ${spec} for ${type === "swap" ? "swap" : target}, and no disk has it`;
    return { message: cannot(subject, what), path: imagePath(subject) };
  });
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

interface Identifiers {
  readonly uuid: ReadonlySet<string>;
  readonly label: ReadonlySet<string>;
  readonly partuuid: ReadonlySet<string>;
  readonly partlabel: ReadonlySet<string>;
}

const BIOS_BOOT = "21686148-6449-6e6f-744e-656564454649";
/** Content in which further file systems may be. */
const LAYERED = /LVM|raid|LUKS|bcache|zfs|drbd|VMFS|multipath|BitLocker/i;
/** What is too small to hold a file system that anybody mounts, and may be anything. */
const TOO_SMALL = 4 << 20;

/** Names of all file systems on all disks; null where one of them may hold more than is seen. */
function identifiers({ disks, wholeStorage }: Subject): Identifiers | null {
  if (!wholeStorage || disks.some(({ facts }) => !facts || facts.unread.some((each) => each.startsWith("/dev/"))))
    return null;
  const all = disks.flatMap(({ facts }) => facts?.partitions ?? []);
  const opaque = all.some(({ filesystem, type, size }) =>
    filesystem === null ? type !== BIOS_BOOT && size > TOO_SMALL : LAYERED.test(filesystem),
  );
  if (opaque) return null;
  const set = (values: readonly (string | null)[]) =>
    new Set(values.flatMap((each) => (each ? [each.toLowerCase()] : [])));
  return {
    uuid: set(all.map(({ uuid }) => uuid)),
    label: set(all.map(({ label }) => label)),
    partuuid: set(all.map(({ partuuid }) => partuuid)),
    partlabel: set(all.map(({ name }) => name)),
  };
}

/** A name by UUID or label that none of them has; device paths are told by `deviceName`. */
function isLost(spec: string, known: Identifiers): boolean {
  const [, tag, value] = /^(?:\/dev\/disk\/by-)?(uuid|label|partuuid|partlabel)[=/](.+)$/i.exec(spec) ?? [];
  if (!tag || !value || /[$\\%]/.test(value) || /PARTNROFF/.test(value)) return false;
  return !known[tag.toLowerCase() as keyof Identifiers].has(value.replace(/^"(.*)"$/, "$1").toLowerCase());
}
