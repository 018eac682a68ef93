import type { Command, Option } from "./command.ts";
import { DISK_FORMAT, json, LOCK_TIMEOUT } from "./options.ts";

const group = "Declare";
const FILE: Option = {
  kind: "value",
  short: "f",
  placeholder: "FILE",
  description: "The project file (guestkit.yaml).",
  file: true,
};
/** Of every verb that reads the project file. */
const PROJECT: Readonly<Record<string, Option>> = {
  file: FILE,
  var: {
    kind: "value",
    placeholder: "NAME=VALUE",
    description: "A variable's value; counts before --var-file, GUESTKIT_VAR_NAME and its default.",
    multiple: true,
  },
  "var-file": {
    kind: "value",
    placeholder: "FILE",
    description: "Values of variables: a map in YAML or JSON. The last of several counts.",
    file: true,
    multiple: true,
  },
};
/** One file may have things on many hosts. */
const IN_FILE = "Say in the file where things are: hosts: { NAME: { address: ... } }, and host: NAME on an entry.";
const APPROVE: Option = { kind: "flag", description: "Do not ask." };

/** Verbs over guestkit.yaml, and `create`, which makes one image of the same contract; `source` is what it takes of a source. */
export const declareCommands = (source: Command["options"]): readonly Command[] => [
  {
    name: "create",
    group: "Make images",
    summary: "Create a disk image",
    positionals: [{ name: "IMAGE", description: "Where it goes.", file: true }],
    options: {
      size: { kind: "value", short: "s", placeholder: "SIZE", description: "20G, 20GiB (1024), 20GB (1000) or bytes." },
      format: {
        kind: "value",
        placeholder: "FORMAT",
        description: "qcow2 (the default) or raw.",
        choices: ["qcow2", "raw"],
      },
      fs: {
        kind: "value",
        placeholder: "TYPE",
        description: "One partition with this file system.",
        choices: ["ext4", "vfat", "swap", "xfs", "btrfs"],
      },
      label: { kind: "value", placeholder: "TEXT", description: "Label of the file system." },
      scheme: {
        kind: "value",
        placeholder: "TABLE",
        description: "Partition table: gpt or mbr.",
        choices: ["gpt", "mbr"],
      },
      source: {
        kind: "value",
        placeholder: "URL",
        description: "Start as a copy of this path or address.",
        file: true,
        here: "Declare it in guestkit.yaml (disk_image with host and source), which brings it along.",
      },
      ...source,
      "image-format": {
        ...DISK_FORMAT,
        description: "What the source or the backing file is; what is recorded of it, else what it looks like.",
      },
      "allow-backing-files": {
        kind: "flag",
        description:
          "Let the source or the backing file lean on files outside its own folder. For images that you know.",
      },
      backing: {
        kind: "value",
        short: "b",
        placeholder: "IMAGE",
        description: "Make a thin overlay over it.",
        file: true,
      },
      overwrite: { kind: "flag", description: "Replace a file that is there." },
      "lock-timeout": LOCK_TIMEOUT,
      json: json("disk_image"),
    },
    examples: [
      { line: "guestkit create --size 10G --format qcow2 --fs ext4 new.qcow2", note: "With a file system in it" },
      {
        line: "guestkit create --source https://example.org/image.qcow2 --sha256 https://example.org/SHA256SUMS --keyring keys.gpg web.qcow2",
        note: "Checked against a signed file of checksums",
      },
      { line: "guestkit create --backing debian.qcow2 web-1.qcow2", note: "A thin overlay" },
    ],
    graceful: true,
    load: () => import("../verb/create.ts"),
  },
  {
    name: "validate",
    group,
    summary: "Check a project file without looking at the world",
    positionals: [],
    options: { ...PROJECT, json: json("validation") },
    examples: [{ line: "guestkit validate --json", note: "Every fault with its line" }],
    here: IN_FILE,
    load: () => import("../verb/validate.ts"),
  },
  {
    name: "plan",
    group,
    summary: "Show what an apply would do, and why",
    positionals: [],
    options: {
      ...PROJECT,
      out: {
        kind: "value",
        short: "o",
        placeholder: "FILE",
        description: "Keep the plan for guestkit apply FILE.",
        file: true,
      },
      destroy: { kind: "flag", description: "The plan of a destroy." },
      "detailed-exitcode": { kind: "flag", description: "Exit with 2 where there are changes." },
      json: json("plan"),
    },
    examples: [
      { line: "guestkit plan", note: "What would happen?" },
      { line: "guestkit plan --detailed-exitcode --json", note: "Drift detection in a job" },
    ],
    graceful: true,
    here: IN_FILE,
    load: () => import("../verb/plan.ts"),
  },
  {
    name: "apply",
    group,
    summary: "Make everything as the project file declares it",
    details: "With PLAN, exactly what that plan says; it is refused where the file or the world has changed since.",
    positionals: [{ name: "PLAN", description: "A file made by plan --out.", optional: true, file: true }],
    options: { ...PROJECT, "auto-approve": APPROVE, "lock-timeout": LOCK_TIMEOUT, json: json("plan") },
    examples: [
      { line: "guestkit apply --auto-approve", note: "Without asking" },
      {
        line: "guestkit plan --out today.plan && guestkit apply today.plan",
        note: "What was looked at, and nothing else",
      },
    ],
    graceful: true,
    here: IN_FILE,
    load: () => import("../verb/apply.ts"),
  },
  {
    name: "output",
    group,
    summary: "Show the outputs of the project file",
    details:
      "They are what the things are now: nothing is kept from the last apply. One that hangs on what is not there yet has no\nvalue. A secret one is shown only where it is asked for by its name, with --raw or --json.",
    positionals: [{ name: "NAME", description: "One output; all of them where left out.", optional: true }],
    options: {
      ...PROJECT,
      raw: { kind: "flag", description: "Print a text, a number or a truth value as it is, without a line break." },
      json: json("outputs", "output"),
    },
    examples: [
      { line: "guestkit output --json", note: "All of them, for programs" },
      { line: 'ssh "$(guestkit output --raw address)"', note: "One of them in a command" },
    ],
    here: IN_FILE,
    load: () => import("../verb/output.ts"),
  },
  {
    name: "destroy",
    group,
    summary: "Remove everything that the project file owns",
    positionals: [],
    options: { ...PROJECT, "auto-approve": APPROVE, "lock-timeout": LOCK_TIMEOUT, json: json("plan") },
    examples: [{ line: "guestkit destroy --auto-approve", note: "Without asking" }],
    graceful: true,
    here: IN_FILE,
    load: () => import("../verb/destroy.ts"),
  },
  {
    name: "import",
    group,
    summary: "Let the project file own a thing that is there already",
    positionals: [
      { name: "ADDRESS", description: "A resource of the file: disk_image.web." },
      { name: "ID", description: "What it is to be: an image's path, a machine's name.", file: true },
    ],
    options: { ...PROJECT, "lock-timeout": LOCK_TIMEOUT, json: json("resource") },
    examples: [{ line: "guestkit import disk_image.web ./web.qcow2", note: "An image made by hand" }],
    here: IN_FILE,
    load: () => import("../verb/import.ts"),
  },
  {
    name: "import-kvmxfile",
    group,
    summary: "Translate a kvmxfile into a guestkit.yaml",
    details:
      "Nothing of the file is run: it is read as text. What it cannot say in guestkit.yaml is named with its line and what\nto do instead; a password is never carried over. Exits with 2 where something is left to do. docs/kvmx.md has every key.",
    positionals: [{ name: "FILE", description: "The kvmxfile (./kvmxfile).", optional: true, file: true }],
    options: {
      output: {
        kind: "value",
        short: "o",
        placeholder: "FILE",
        description: "Where it goes: guestkit.yaml beside the kvmxfile; - prints it.",
        file: true,
      },
      name: { kind: "value", placeholder: "NAME", description: "The machine's name; the folder's otherwise." },
      "keep-image": { kind: "flag", description: "Go on with the image that kvmx has made, and build none." },
      overwrite: { kind: "flag", description: "Replace a file that is there." },
      json: { ...json("kvmxfile-import"), description: "Print what became of each key as JSON." },
    },
    examples: [
      { line: "guestkit import-kvmxfile && guestkit plan", note: "In the folder of a machine of kvmx's" },
      { line: "guestkit import-kvmxfile --keep-image ~/vm/web/kvmxfile", note: "With the disk as it is" },
    ],
    here: "A kvmxfile is translated where it is: log in there (ssh HOST).",
    load: () => import("../verb/import-kvmxfile.ts"),
  },
];
