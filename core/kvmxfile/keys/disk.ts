import { parseSize } from "../../kit/size.ts";
import type { Key, Work } from "../key.ts";
import { isOn } from "../origin.ts";
import {
  type Declared,
  image,
  machine,
  notNeeded,
  type Outcome,
  partly,
  translated,
  untranslated,
} from "../outcome.ts";
import { hasRoot } from "./seeded.ts";

const root = (field: string, value: Declared) => machine(["disks", "root", field], value);
const ELSEWHERE = "The disk is not declared here: it follows what the machine starts from.";

function isSize(text: string): boolean {
  try {
    return parseSize(text) > 0;
  } catch {
    return false;
  }
}

function size(value: string, { origin }: Work): Outcome {
  if (!isSize(value)) return untranslated("it is no size", "Set size: 10G.");
  if (origin.kind === "bootstrap" || origin.kind === "copy") return translated(image("size", value));
  if (origin.kind === "overlay") return translated(root("size", value), "Refused where it is less than the basebox's.");
  return notNeeded(ELSEWHERE);
}

function format(value: string, { origin }: Work): Outcome {
  if (origin.kind !== "bootstrap" && origin.kind !== "copy") return notNeeded("The format is read from the image.");
  if (!["qcow2", "raw"].includes(value)) return untranslated("guestkit writes qcow2 and raw", "Use qcow2.");
  return translated(image("format", value));
}

const BUSES: Readonly<Record<string, string>> = {
  virtio: "virtio",
  "virtio-blk": "virtio",
  ide: "ide",
  scsi: "scsi",
  sata: "sata",
  ahci: "sata",
  nvme: "nvme",
  usb: "usb",
};
const CACHES = ["writeback", "none", "writethrough", "directsync", "unsafe"];

function driveInterface(value: string, work: Work): Outcome {
  if (!hasRoot(work)) return notNeeded(ELSEWHERE);
  const [kind = "", ...options] = value.split(",");
  const bus = Object.hasOwn(BUSES, kind) ? BUSES[kind] : undefined;
  const found = options.map((option) => driveOption(option));
  const settings = [
    ...(bus === undefined || bus === "virtio" ? [] : [root("bus", bus)]),
    ...(bus === "ide" ? [machine("machine", "pc")] : []),
    ...found.flatMap((each) => (each === null || "why" in each ? [] : [each])),
  ];
  const unknown = {
    why: `"${kind}" is no bus of guestkit's`,
    instead: "disks.root.bus knows virtio, scsi, sata, ide, nvme and usb.",
  };
  const left = found.flatMap((each) => (each !== null && "why" in each ? [each] : []));
  return partly(settings, [...(bus === undefined ? [unknown] : []), ...left]);
}

/** Null for what guestkit says itself. */
function driveOption(option: string) {
  const [name = "", value = ""] = option.split("=");
  if (["index", "format", "media", "file", "id"].includes(name)) return null;
  if (name === "cache" && CACHES.includes(value)) return root("cache", value);
  if (name === "discard") return value === "ignore" ? root("discard", "ignore") : null;
  return {
    why: `"${name}" of -drive has no field`,
    instead: "disks.root has bus, cache, discard, read_only and serial.",
  };
}

/** Where the guest's disk lies and how it is carried. */
export const diskKeys: readonly Key[] = [
  {
    name: "image",
    ours: "`disk_image.path`, `disks.root.image`",
    about:
      "Where a built or copied image goes (beside guestkit.yaml otherwise). An overlay lies in the machine's own folder. With `--keep-image` it is the disk itself.",
    translate: (value, { origin, hostPath }) => {
      const path = hostPath(value);
      if (origin.kind === "bootstrap" || origin.kind === "copy") return translated(image("path", path));
      if (origin.kind === "existing") return translated(root("image", path));
      if (origin.kind === "medium") return translated(machine(["cdroms", "live", "image"], path));
      return notNeeded("An overlay lies in the machine's own folder.");
    },
  },
  {
    name: "datadir",
    ours: "`GUESTKIT_DATA_DIR`",
    about: "Where machines live, all of them.",
    translate: () =>
      untranslated(
        "machines live together",
        "Set GUESTKIT_DATA_DIR, or let a disk_image's path say where an image goes.",
      ),
  },
  {
    name: "image_drive",
    ours: "`cdroms`",
    about: "`cdrom` makes `image` a live medium; a disk is a disk whatever it says.",
    translate: (value, { origin }) => {
      if (origin.kind === "medium") return translated([], "The image is the medium of a drive.");
      return value === "cdrom"
        ? untranslated("it does not say which medium", "Set cdroms: { live: { image: live.iso } }.")
        : notNeeded("A disk is a disk.");
    },
  },
  {
    name: "image_type",
    ours: "`disk_image.path`",
    about: "Files alone. A disk may be a block device: `disks.root.image: /dev/...`.",
    translate: (value) =>
      value === "file"
        ? notNeeded("Images are files.")
        : untranslated("guestkit builds into files", "Write the image to the device, and set disks.root.image to it."),
  },
  {
    name: "image_discards",
    ours: "`disks.root.discard`",
    about: "On unless told otherwise.",
    translate: (value, work) => {
      if (isOn(value)) return notNeeded("It is on unless told otherwise.");
      return hasRoot(work) ? translated(root("discard", "ignore")) : notNeeded(ELSEWHERE);
    },
  },
  { name: "size", ours: "`disk_image.size`, `disks.root.size`", about: "Grows in place later.", translate: size },
  { name: "format", ours: "`disk_image.format`", about: "qcow2 or raw.", translate: format },
  {
    name: "qcow2_compression",
    ours: "`qemu-img convert -c`",
    about: "A fresh image takes no more room than its content; compress one that you pass on.",
    translate: () =>
      notNeeded("An image takes no more room than its content; qemu-img convert -c packs one to pass on."),
  },
  {
    name: "drive_interface",
    ours: "`disks.root.bus`, `cache`, `discard`",
    about: "`ide` takes `machine: pc` along.",
    translate: driveInterface,
  },
];
