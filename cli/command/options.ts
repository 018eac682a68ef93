import type { Option, Positional } from "./command.ts";

/** --json, and the schemas of what it prints: generating fails where one of them is not published. */
export const json = (...schemas: readonly [string, ...string[]]): Option => ({
  kind: "flag",
  description: "Print JSON.",
  prints: schemas.map((schema) => ({ schema })),
});

/** The same for what comes in lines: each a document, or an element of `list` in one. */
export const jsonLines = (schema: string, list?: string): Option => ({
  kind: "flag",
  description: "One JSON object a line.",
  prints: [{ schema, ...(list !== undefined && { list }) }],
});

/** Of every verb that changes something which another command may be changing. */
export const LOCK_TIMEOUT: Option = {
  kind: "value",
  placeholder: "SECONDS",
  description: "How long another command at work on the same thing is waited for (10).",
};

/** Of every verb that runs on another host as well as here. */
export const HOST: Option = {
  kind: "value",
  placeholder: "HOST",
  description: "Run it there: ssh://user@host:port, or a name of ssh_config. GUESTKIT_HOST says the same.",
};

export const IMAGE: Positional = { name: "IMAGE", description: "A disk image of any format that is read.", file: true };

/** What QEMU is to use as a disk. */
export const DISK_FORMAT = {
  kind: "value",
  placeholder: "FORMAT",
  description: "What the image is; what is recorded of it, else what it looks like where left out.",
  choices: ["raw", "qcow2"],
} as const satisfies Option;

/** What is read. */
export const IMAGE_FORMAT = {
  ...DISK_FORMAT,
  choices: [...DISK_FORMAT.choices, "vmdk", "vhd", "vhdx", "vdi", "qed", "parallels", "qcow", "luks", "split", "ova"],
} as const satisfies Option;

/** Disks beside the image. */
export const WITH: Option = {
  kind: "value",
  placeholder: "IMAGE",
  description: "A further disk of the same machine (sdb, sdc in their order).",
  file: true,
  multiple: true,
};

/** What opens encrypted devices. */
export const KEY: Option = {
  kind: "value",
  placeholder: "WHICH:HOW",
  description:
    "A key: DEVICE, UUID or *, then :file:PATH or :env:NAME (asked for on a terminal where none is given); or DEVICE:header:PATH, its LUKS header.",
  multiple: true,
  here: "Log in there (ssh HOST), where the key is at hand.",
};

/** Which state of the image, and which of its file systems. */
export const PLACE: Readonly<Record<string, Option>> = {
  partition: { kind: "value", short: "p", placeholder: "N", description: "Look into partition N." },
  filesystem: {
    kind: "value",
    placeholder: "DEVICE",
    description: "The same by any name of its device: /dev/sda1, /dev/vg0/root.",
  },
  snapshot: { kind: "value", placeholder: "NAME", description: "An internal snapshot instead of the present state." },
  "image-format": IMAGE_FORMAT,
  with: WITH,
  key: KEY,
};

/** Which of two images an option is of. */
export type Side = "before" | "after";

/** The same options for one of two images: they go before those that are for both. */
export const placeOfSide = (side: Side): Readonly<Record<string, Option>> =>
  Object.fromEntries(
    Object.entries(PLACE).map(([name, { short: _, ...option }]) => [
      `${side}-${name}`,
      { ...option, description: `--${name} of ${side.toUpperCase()} alone.` },
    ]),
  );

export const PATH_BASE64: Option = {
  kind: "value",
  placeholder: "BASE64",
  description: "PATH in base64, for names that are no UTF-8.",
};
