import type { Key, Work } from "../key.ts";
import { isOn } from "../origin.ts";
import { image, machine, notNeeded, type Outcome, translated, untranslated } from "../outcome.ts";
import { isBootstrapped } from "./seeded.ts";

const NO_BUILD = "kvmx-create reads it, and no image is built here.";
const built =
  (translate: Key["translate"]): Key["translate"] =>
  (value, work) =>
    isBootstrapped(work) ? translate(value, work) : notNeeded(NO_BUILD);

const BOX = "kvmx's own image of that box is used where it lies; it must not be written to meanwhile.";

function basebox(_: string, { origin, hostPath }: Work): Outcome {
  if (origin.kind === "template") return notNeeded("template_vm says what the disks start from.");
  if (origin.kind === "existing") return notNeeded("The image that kvmx made from it is kept.");
  if (origin.kind === "overlay") return translated(machine(["disks", "root", "image"], hostPath(origin.box)), BOX);
  if (origin.kind === "copy") return translated(image(["source", "url"], hostPath(origin.box)), BOX);
  if (origin.kind === "base") return translated(machine("base", hostPath(origin.box)), BOX);
  return notNeeded("The machine runs from its medium.");
}

function backingFile(value: string, { origin }: Work): Outcome {
  const isThin = isOn(value);
  if (origin.kind === "overlay" || origin.kind === "copy") {
    return translated([], isThin ? "The overlay is kept until vm recycle or vm destroy." : "The basebox is copied.");
  }
  if (origin.kind !== "template" && origin.kind !== "base") return notNeeded("There is no basebox.");
  return isThin ? notNeeded("It is on unless told otherwise.") : translated(machine("backing_file", false));
}

/** What a machine's disk starts from. */
export const sourceKeys: readonly Key[] = [
  {
    name: "basebox",
    ours: "`disks.root.image` with `overlay`, `disk_image.source`; better `template_vm`",
    about:
      "The box's image below `~/.local/share/kvmx`. Once the box itself is a machine of guestkit's, `template_vm: BOX` is the better word: its upgrades are taken up.",
    translate: basebox,
  },
  {
    name: "backing_file",
    ours: "`disks.root.overlay`, `backing_file`",
    about: "On: a thin overlay, kept. Off: the basebox is copied.",
    translate: backingFile,
  },
  {
    name: "template_vm",
    ours: "`template_vm`",
    about: "A fresh overlay at every start; data stays in shares and data disks.",
    idea: true,
    translate: (_, { origin }) =>
      origin.kind === "template"
        ? translated(
            machine("template_vm", origin.machine),
            "Its root is thrown away at every start; what is to stay belongs into shares.",
          )
        : untranslated("it is no name of a machine", "Set template_vm to the name of one of guestkit's."),
  },
  {
    name: "base",
    ours: "`base`",
    about: "The same from an image, or from a basebox by its name.",
    idea: true,
    translate: (_, { origin, hostPath }) =>
      origin.kind === "base" ? translated(machine("base", hostPath(origin.box))) : notNeeded("template_vm goes first."),
  },
  {
    name: "recreate_overlay",
    ours: "`recreate_overlay`",
    about: "`always` or `never`. With a basebox, `always` makes it a `base`.",
    idea: true,
    translate: (value) =>
      ["always", "never"].includes(value)
        ? translated(machine("recreate_overlay", value))
        : untranslated("it is neither always nor never", "Set recreate_overlay: always."),
  },
  {
    name: "snapshot_mode",
    ours: "`snapshot_mode`",
    about: 'QEMU\'s `-snapshot`; `qemu_opts="-snapshot"` says the same.',
    idea: true,
    translate: (value) =>
      isOn(value) ? translated(machine("snapshot_mode", true)) : notNeeded("It is off, as it is here."),
  },
  {
    name: "method",
    ours: "`bootstrap`",
    about: "One way for all: mmdebstrap, without root.",
    translate: built(() => notNeeded("There is one way: mmdebstrap, without root.")),
  },
  {
    name: "version",
    ours: "`bootstrap.release`",
    about: "",
    translate: built((value) =>
      /^[a-z0-9][a-z0-9.-]{0,40}$/.test(value)
        ? translated(image(["bootstrap", "release"], value))
        : untranslated("it is no release of Debian", "Set bootstrap.release: bookworm."),
    ),
  },
  {
    name: "mirror",
    ours: "`bootstrap.mirror`",
    about: "Left out, the host's own apt sources are used.",
    translate: built((value) =>
      /^(https?|file|copy):\/\/?[^\s@]+$/.test(value)
        ? translated(image(["bootstrap", "mirror"], value))
        : untranslated("it is no address, or holds a password", "Set bootstrap.mirror, or use the host's apt sources."),
    ),
  },
  {
    name: "bootloader",
    ours: "`bootstrap`",
    about: "GRUB, for BIOS and UEFI.",
    translate: built((value) =>
      value === "grub"
        ? notNeeded("A built image boots by GRUB, from BIOS and UEFI.")
        : untranslated(
            "a built image boots by GRUB",
            "Leave it at that, or start a kernel of the host's: kernel, initrd, cmdline.",
          ),
    ),
  },
];
