import { ALL_FACTS, FACT_GROUPS } from "@guestkit/core/kit";
import type { Command } from "./command.ts";
import { IMAGE, IMAGE_FORMAT, json, jsonLines, KEY, PATH_BASE64, PLACE, placeOfSide, WITH } from "./options.ts";

const group = "Look into images";
const PATH = { name: "PATH", description: "Path inside the image.", optional: true } as const;

/** Verbs that only read. They load neither the contracts nor the engine. */
export const readCommands: readonly Command[] = [
  {
    name: "inspect",
    group,
    summary: "Show what is inside an image: system, packages, users, file systems",
    details: `An image without an operating system is an answer too: the same fields, null or empty.
Nothing is mounted and nothing is changed.
Several images are inspected each by itself, as many at once as there are processors. With --json each of them is one line
then: an object with image, and report or error. The exit code is 1 where one could not be inspected.`,
    positionals: [{ ...IMAGE, several: true }],
    options: {
      json: json("inspection", "inspected"),
      jobs: { kind: "value", short: "j", placeholder: "N", description: "Images that are inspected at the same time." },
      unordered: { kind: "flag", description: "Show each as it is done, instead of in the order given." },
      facts: {
        kind: "value",
        placeholder: "GROUPS",
        description: "Gather these groups of facts as well; several are separated by commas.",
        multiple: true,
        commas: true,
        choices: [ALL_FACTS, ...FACT_GROUPS],
      },
      "no-cache": { kind: "flag", description: "Look again, whatever was kept of an image that nobody touched since." },
      ...PLACE,
    },
    examples: [
      { line: "guestkit inspect ubuntu.qcow2", note: "What is it?" },
      { line: "guestkit inspect --json ubuntu.qcow2 | jq '.os_type'", note: "For scripts" },
      { line: "guestkit inspect --json --facts schedule ubuntu.qcow2 | jq .schedule", note: "What runs by the clock?" },
      {
        line: "guestkit inspect --json --unordered *.qcow2 | jq -r '[.image, .report.product_name] | @tsv'",
        note: "A folder of images",
      },
    ],
    load: () => import("../verb/inspect.ts"),
  },
  {
    name: "packages",
    group,
    summary: "List the packages installed in an image",
    positionals: [IMAGE],
    options: { json: jsonLines("package"), ...PLACE },
    examples: [{ line: "guestkit packages --json debian.qcow2 | jq -r .name", note: "Names alone" }],
    load: () => import("../verb/packages.ts"),
  },
  {
    name: "sbom",
    group,
    summary: "List the software in an image for scanners: CycloneDX or SPDX",
    details: `CycloneDX 1.6 or SPDX 2.3 as JSON, of the packages of every system in the image. The same image gives the same bytes: the
only time in it is that of SOURCE_DATE_EPOCH. Where a part of the image cannot be read there is none, since what is not on a
list counts as absent.`,
    positionals: [IMAGE],
    options: {
      format: {
        kind: "value",
        placeholder: "FORMAT",
        description: "cyclonedx (the default) or spdx.",
        choices: ["cyclonedx", "spdx"],
      },
      output: {
        kind: "value",
        short: "o",
        placeholder: "FILE",
        description: "Where it goes; standard output where left out, or for -.",
        file: true,
        here: "Let it go to standard output: > FILE",
      },
      overwrite: { kind: "flag", description: "Replace a file that is there." },
      languages: { kind: "flag", description: "Packages of Python, npm, RubyGems, Go, Rust and Maven as well." },
      json: {
        ...json("image_sbom", "sbom-file"),
        description: "Print the list within an answer, or what was written.",
      },
      ...PLACE,
    },
    examples: [
      { line: "guestkit sbom debian.qcow2 --output debian.cdx.json", note: "For a scanner" },
      { line: "guestkit sbom --format spdx debian.qcow2 | jq -r '.packages[].name'", note: "As SPDX" },
    ],
    graceful: true,
    load: () => import("../verb/sbom.ts"),
  },
  {
    name: "diff",
    group,
    summary: "Show what differs between two images: packages, users, services, files",
    details: `Systems are paired by their order, files by their paths; one that went and came elsewhere with the same content counts as
renamed. What both images keep at the same place of one base is not read. What cannot be read has a line that begins with ?
(unread), and is neither equal nor different. With --json each line is an object with group, change, name and fields, each
before and after. The exit code is 0 where all was read and nothing differs, 2 where something does, 1 where nothing that
was read does. Options that choose what is read hold for both images, or for one: --before-snapshot, --after-key.`,
    positionals: [
      { name: "BEFORE", description: "The image as it was.", file: true },
      { name: "AFTER", description: "The image as it is.", file: true },
    ],
    options: {
      json: jsonLines("change"),
      stat: { kind: "flag", description: "How much differs, alone." },
      path: {
        kind: "value",
        placeholder: "PATH",
        description: "Compare this file, or files below this folder, alone.",
      },
      "path-base64": PATH_BASE64,
      times: { kind: "flag", description: "Modification times count as well." },
      ...PLACE,
      ...placeOfSide("before"),
      ...placeOfSide("after"),
    },
    examples: [
      { line: "guestkit diff before.qcow2 after.qcow2", note: "What changed?" },
      {
        line: "guestkit diff --json a.qcow2 b.qcow2 | jq -r 'select(.group == \"packages\").name'",
        note: "Packages alone",
      },
      { line: "guestkit diff --before-snapshot clean web.qcow2 web.qcow2", note: "Since a snapshot" },
    ],
    load: () => import("../verb/diff.ts"),
  },
  {
    name: "check",
    group,
    summary: "Judge an image by rules: packages, files, services, users, what must not be left in it",
    details: `RULES is a YAML file; of several the later ones stand above, and all above the profiles. A rule whose facts cannot be read
counts as an error, never as passed. The exit code is 0 where every rule holds, is waived or is of severity info, else 2;
1 where nothing could be judged. What a rule may say: guestkit schema check-rules.`,
    positionals: [
      IMAGE,
      {
        name: "RULES",
        description: "A file of rules.",
        here: "Bring it there (scp), and log in (ssh HOST).",
        file: true,
        optional: true,
        several: true,
      },
    ],
    options: {
      profile: {
        kind: "value",
        placeholder: "NAME",
        description: "Rules that guestkit brings along.",
        choices: ["golden-image", "hardened"],
        multiple: true,
      },
      format: {
        kind: "value",
        placeholder: "FORMAT",
        description: "How the answer is written.",
        choices: ["text", "json", "junit", "sarif"],
      },
      json: { ...json("check"), description: "Print JSON, as --format json does." },
      ...PLACE,
    },
    examples: [
      { line: "guestkit check --profile golden-image base.qcow2", note: "May it be copied?" },
      { line: "guestkit check web.qcow2 rules.yaml --format junit > checks.xml", note: "For a CI service" },
    ],
    load: () => import("../verb/check.ts"),
  },
  {
    name: "logs",
    group,
    summary: "Print the journal of the system in an image",
    details: `systemd's journal files, as journalctl prints them, times in UTC. With --json each line is an object with all fields of an
entry, as journalctl -o json has them. What a file that was not closed holds is shown as far as it goes.`,
    positionals: [IMAGE],
    options: {
      unit: {
        kind: "value",
        short: "u",
        placeholder: "UNIT",
        description: "Of this unit (ssh: ssh.service).",
        multiple: true,
      },
      priority: {
        kind: "value",
        placeholder: "LEVEL",
        description:
          "As important as this, or more: emerg, alert, crit, err, warning, notice, info, debug, or 0 to 7; or FROM..TO.",
      },
      since: {
        kind: "value",
        placeholder: "TIME",
        description: "Not before it, in UTC: 2026-11-30, 2026-11-30 10:00, yesterday, 2 hours ago.",
      },
      until: { kind: "value", placeholder: "TIME", description: "Not after it." },
      boot: {
        kind: "value",
        placeholder: "BOOT",
        description: "Of one boot: 0 the last, --boot=-1 the one before, or its id.",
      },
      json: jsonLines("journal-entry"),
      ...PLACE,
    },
    examples: [
      { line: "guestkit logs --priority err broken.qcow2", note: "Why did it not come up?" },
      { line: "guestkit logs -u ssh --boot 0 --json web.qcow2 | jq -r .MESSAGE", note: "Messages of one service" },
    ],
    load: () => import("../verb/logs.ts"),
  },
  {
    name: "ls",
    group,
    summary: "List files inside an image",
    details:
      "Control characters in names are shown escaped. With --json each line is an object with path, type, mode, uid, gid,\nsize, mtime, inode, links and target; path_base64 and target_base64 are there where the bytes are no UTF-8.",
    positionals: [IMAGE, PATH],
    options: {
      json: jsonLines("file-entry"),
      recursive: { kind: "flag", short: "R", description: "Everything below as well." },
      long: { kind: "flag", short: "l", description: "With mode, owner, size and time." },
      ...PLACE,
      "path-base64": PATH_BASE64,
    },
    examples: [
      { line: "guestkit ls -l debian.qcow2 /etc", note: "A folder" },
      {
        line: "guestkit ls -R --json debian.qcow2 | jq -r 'select(.mode[0:1] == \"4\").path'",
        note: "Setuid programs",
      },
    ],
    load: () => import("../verb/ls.ts"),
  },
  {
    name: "cat",
    group,
    summary: "Print a file of an image",
    positionals: [IMAGE, PATH],
    options: { ...PLACE, "path-base64": PATH_BASE64 },
    examples: [{ line: "guestkit cat debian.qcow2 /etc/os-release", note: "A file's text" }],
    load: () => import("../verb/cat.ts"),
  },
  {
    name: "cp",
    group,
    summary: "Copy a file or folder out of an image",
    details:
      "Files are written whole; those that are the same already stay untouched. Whatever the names in the image are,\nnothing is written outside DEST.",
    positionals: [
      { name: "IMAGE:PATH", description: "The image and a path inside it.", file: true },
      {
        ...{ name: "DEST", description: "Where it goes; into it where it is a folder; - prints a file.", file: true },
        here: "Print a file (cp IMAGE:PATH - > FILE), or unpack a folder: guestkit tar IMAGE PATH | tar -x",
      },
    ],
    options: {
      recursive: { kind: "flag", short: "r", description: "Copy a folder with all that is in it." },
      preserve: { kind: "flag", description: "Keep owner, group and special mode bits (as root)." },
      "no-overwrite": { kind: "flag", short: "n", description: "Refuse to replace files that differ." },
      links: {
        kind: "value",
        placeholder: "WHICH",
        description: "Links: safe (those that stay inside, the default), all, none.",
        choices: ["safe", "all", "none"],
      },
      "dry-run": { kind: "flag", description: "Change nothing; tell what would be." },
      json: json("copied"),
      ...PLACE,
      "path-base64": { ...PATH_BASE64, description: "The path in base64; the first argument is the image alone." },
    },
    examples: [
      { line: "guestkit cp ubuntu.qcow2:/etc/passwd ./passwd", note: "A file" },
      { line: "guestkit cp -r ubuntu.qcow2:/etc ./etc", note: "A folder" },
      { line: "guestkit cp ubuntu.qcow2:/etc/passwd - | wc -l", note: "To standard output" },
    ],
    graceful: true,
    load: () => import("../verb/cp.ts"),
  },
  {
    name: "tar",
    group,
    summary: "Stream a folder of an image as a tar archive to standard output",
    details:
      "A pax archive: sub-second times, extended attributes, access lists, hard links, devices, sparse files. Names are\nrelative to PATH.",
    positionals: [IMAGE, PATH],
    options: { ...PLACE, "path-base64": PATH_BASE64 },
    examples: [
      { line: "guestkit tar debian.qcow2 /etc | tar -tv", note: "List it" },
      { line: "guestkit tar debian.qcow2 | zstd > debian.tar.zst", note: "The whole system" },
    ],
    load: () => import("../verb/tar.ts"),
  },
  {
    name: "info",
    group,
    summary: "Show an image's format, sizes, parents, snapshots, and the devices in it as a tree",
    positionals: [IMAGE],
    options: { json: json("image_info"), "image-format": IMAGE_FORMAT, with: WITH, key: KEY },
    examples: [{ line: "guestkit info debian.qcow2", note: "At a glance" }],
    load: () => import("../verb/info.ts"),
  },
];
