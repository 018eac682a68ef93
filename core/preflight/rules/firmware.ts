import type { ImageFacts } from "../facts/facts.ts";
import type { Fault, Rule } from "../rule.ts";
import type { DiskSubject, Subject } from "../subject.ts";
import { cannot } from "./words.ts";

export const uefiNoEsp: Rule = {
  code: "P_UEFI_NO_ESP",
  severity: "error",
  summary: "UEFI is to boot a disk that has no EFI system partition.",
  explanation:
    "Looked at: partition types (C12A7328-F81F-11D2-BA4B-00A0C93EC93B, 0xEF on an MBR) and whether there is any FAT.",
  help: 'Set firmware to "bios" where the image has boot code, or use an image made for UEFI.',
  check: (subject) =>
    byFirmware(subject, "uefi", ({ disk, facts }) => {
      if (facts.esps.some(({ unreadable }) => !unreadable)) return null;
      const broken =
        facts.esps.length > 0 ? "an EFI system partition without a FAT file system" : "no EFI system partition";
      return `"${disk.image}" has ${broken}`;
    }),
};

export const uefiNoLoader: Rule = {
  code: "P_UEFI_NO_LOADER",
  severity: "error",
  summary: "The EFI system partition holds nothing that firmware starts by itself.",
  explanation:
    "A new machine's UEFI knows of no boot entries and starts \\EFI\\BOOT\\BOOTX64.EFI alone (UEFI 2.10, 3.5.1.1). A loader elsewhere, as distributions install it, is found only through variables that the image does not carry. Not looked at once the machine has variables of its own.",
  help: "Put the loader at the fallback path inside the image: grub-install --removable, or bootctl install.",
  check: (subject) =>
    byFirmware(subject, "uefi", ({ disk, facts }) => {
      const esps = facts.esps.filter(({ unreadable }) => !unreadable);
      if (esps.length === 0 || subject.made || esps.some(({ fallback }) => fallback !== null)) return null;
      const other = esps.flatMap(({ otherArchs }) => otherArchs)[0];
      if (other) return `its EFI system partition starts ${other} machines alone ("${disk.image}")`;
      const found = esps.flatMap(({ loaders }) => loaders);
      const there = found.length > 0 ? `, only ${found.join(", ")}` : "";
      return `the EFI system partition of "${disk.image}" has no /EFI/BOOT/BOOTX64.EFI${there}`;
    }),
};

export const uefiUnsigned: Rule = {
  code: "P_UEFI_UNSIGNED",
  severity: "error",
  summary: "Secure boot is to start a loader that nobody signed.",
  explanation: "Looked at: whether BOOTX64.EFI carries a certificate table. Whose signature it is, is not looked at.",
  help: "Set secure_boot to false, or install shim-signed and grub-efi-amd64-signed in the image.",
  check: (subject) => {
    if (!subject.machine.secure_boot) return [];
    return byFirmware(subject, "uefi", ({ disk, facts }) => {
      const fallbacks = facts.esps.flatMap(({ fallback }) => fallback ?? []);
      if (fallbacks.length === 0 || fallbacks.some(({ signed }) => signed)) return null;
      return `secure_boot starts signed loaders alone, and ${fallbacks[0]?.path} of "${disk.image}" is not signed`;
    });
  },
};

export const biosNoCode: Rule = {
  code: "P_BIOS_NO_BOOT_CODE",
  severity: "error",
  summary: "BIOS is to boot a disk without boot code.",
  explanation: "Looked at: the first 440 bytes of the disk and its signature 55 AA.",
  help: 'Set firmware to "uefi" where the image has an EFI system partition, or install a boot loader: grub-install.',
  check: (subject) =>
    byFirmware(subject, "bios", ({ disk, facts }) =>
      facts.bios.code ? null : `the first sector of "${disk.image}" holds no boot code`,
    ),
};

export const biosEmptyCore: Rule = {
  code: "P_BIOS_EMPTY_CORE",
  severity: "error",
  summary: "The boot code leads to an empty BIOS boot partition.",
  explanation:
    "GRUB's first sector loads its second part from the BIOS boot partition (or the gap behind an MBR). Where that was lost, as when an image was copied by its partitions, the machine stops with a blinking cursor.",
  help: 'Install it again inside the image (grub-install), or set firmware to "uefi".',
  check: (subject) =>
    byFirmware(subject, "bios", ({ disk, facts }) =>
      facts.bios.code && facts.bios.emptyCore !== null ? `in "${disk.image}" ${facts.bios.emptyCore}` : null,
    ),
};

type Known = DiskSubject & { readonly facts: ImageFacts };

/** A fault of the disk that is booted, unless another disk is fit for this firmware; the firmware tries them all. */
function byFirmware(
  subject: Subject,
  firmware: "bios" | "uefi",
  check: (disk: Known) => string | null,
): readonly Fault[] {
  const { boot, disks, wholeStorage, machine } = subject;
  if (subject.firmware !== firmware || !isKnown(boot) || boot.facts.system === null) return [];
  if (!wholeStorage || (boot.declared && boot.facts.table === null)) return [];
  const why = check(boot);
  if (why === null || disks.filter(isKnown).some((each) => each !== boot && check(each) === null)) return [];
  const path = machine.firmware === null ? ["disks", boot.key, "image"] : ["firmware"];
  return [{ message: cannot(subject, why), path }];
}

const isKnown = (disk: DiskSubject | null): disk is Known => disk !== null && disk.facts !== null;
