import { z } from "zod";
import {
  adopts,
  callerFolder,
  callerPath,
  changesWith,
  conflictsWith,
  createOnly,
  diskSize,
  growOnly,
  hostPath,
  immutable,
  keyedBy,
  live,
  permissionBits,
  resource,
  spelled,
  virtualSize,
  volatile,
  writeOnly,
} from "../declare.ts";
import { checks, failedChecks } from "./checks/index.ts";
import { bootstrap } from "./image-bootstrap.ts";
import { imageSource } from "./image-source.ts";

const partition = z.object({
  name: z
    .string()
    .min(1)
    .max(36)
    .describe("The partition's name, unique in the layout; written as GPT partition name."),
  size: diskSize().optional().describe("Size; the last partition may leave it out and takes the rest of the disk."),
  type: z
    .enum(["linux", "root", "home", "esp", "bios_boot", "swap", "xbootldr", "lvm", "raid"])
    .default("linux")
    .describe("What it is for: sets the GPT type GUID or the MBR type byte."),
  filesystem: z
    .enum(["ext4", "vfat", "swap", "xfs", "btrfs"])
    .optional()
    .describe("File system made in it; none leaves it blank."),
  label: z.string().max(16).optional().describe("Label of the file system."),
  uuid: z
    .string()
    .optional()
    .meta(spelled("uuid"))
    .describe("UUID of the file system; chosen at create where left out."),
  content: z
    .object({
      directory: callerFolder()
        .optional()
        .meta(conflictsWith("tar"))
        .describe("A directory copied into the file system."),
      tar: callerPath().optional().describe("A tar archive unpacked into the file system."),
    })
    .optional()
    .describe("What the file system holds from the start (ext4 and vfat)."),
});

const file = z.object({
  path: z.string().startsWith("/").meta(spelled("guestPath")).describe("Absolute path inside the image."),
  content: z.string().optional().meta(conflictsWith("source", "secret_content")).describe("The file's text."),
  source: callerPath().optional().meta(conflictsWith("secret_content")).describe("A file whose bytes it gets."),
  secret_content: z
    .string()
    .optional()
    .meta(writeOnly)
    .describe("The file's text where it must be stored nowhere else."),
  mode: permissionBits().meta(spelled("octal")).default("0644").describe("Permission bits in octal."),
  uid: z.int().min(0).default(0).describe("Number of the user that owns it."),
  gid: z.int().min(0).default(0).describe("Number of its group."),
});

export const diskImage = resource({
  name: "disk_image",
  since: "0.1.0",
  summary: "A disk image: blank, copied from a source, layered over another, or built from packages.",
  description:
    "Makes and keeps a disk image without root and without a daemon. What is declared inside it (files, packages) is read back from the image itself, so that tampering is seen by the next plan. Growing is in place; shrinking is refused; an immutable field that changes replaces the image.",
  identity: ["path"],
  input: z.object({
    path: hostPath().meta(immutable).describe("Where the image lies on the host."),
    format: z
      .enum(["qcow2", "raw"])
      .default("qcow2")
      .meta(immutable)
      .describe("Disk format: qcow2 grows as it is written, raw is the bytes themselves."),
    size: virtualSize()
      .optional()
      .meta({ ...growOnly, ...adopts })
      .describe("Virtual size. Left out, it is what the source, backing file or bootstrap needs."),
    source: imageSource
      .optional()
      .meta({ ...immutable, ...conflictsWith("backing_file", "bootstrap", "layout") })
      .describe("The image starts as a copy of this."),
    backing_file: hostPath()
      .optional()
      .meta({ ...immutable, ...conflictsWith("bootstrap", "layout") })
      .describe("The image is a thin overlay over this one (qcow2 only)."),
    backing_format: z
      .enum(["qcow2", "raw"])
      .optional()
      .meta(createOnly)
      .describe(
        "Format of backing_file. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes.",
      ),
    allow_backing_files: z
      .boolean()
      .default(false)
      .meta(createOnly)
      .describe(
        "Let backing_file lean on files outside its own folder that no record of guestkit's names. Only for images that you know.",
      ),
    bootstrap: bootstrap
      .optional()
      .meta({ ...immutable, ...conflictsWith("layout") })
      .describe("The image is built from a distribution's packages by an ordinary user."),
    layout: z
      .object({
        scheme: z.enum(["gpt", "mbr"]).default("gpt").describe("Partition table."),
        partitions: z.array(partition).meta(keyedBy("name")).describe("Partitions in disk order."),
      })
      .optional()
      .meta(immutable)
      .describe("Partitions and file systems of a blank image."),
    files: z
      .array(file)
      .default([])
      .meta({ ...live, ...keyedBy("path") })
      .describe("Files to add to the image or to change in it. One that is no longer declared stays."),
    checks: checks(
      "fail",
      "A rule that does not hold: fail makes the apply fail (the image stays for a look, and the next apply makes it anew); keep makes it a warning.",
    )
      .optional()
      .meta(live)
      .describe(
        "Rules over what is in the image. What it is made of is judged by the plan where it is there, the image after each apply that makes or changes it.",
      ),
    mode: z
      .string()
      .regex(/^0?[67][0-7]{2}$/, "three octal digits that let its owner read and write it, such as 0640")
      .optional()
      .meta({ ...live, ...spelled("octal") })
      .describe(
        "Permission bits of the file in octal, for those who share it; by the umask where left out, and 0600 where the image holds secrets.",
      ),
    overwrite: z
      .boolean()
      .default(false)
      .meta(createOnly)
      .describe("Replace a file at path that guestkit did not make."),
    delete_protection: z.boolean().default(false).describe("Refuse to destroy or replace the image."),
  }),
  output: z.object({
    virtual_size: z.int().meta(changesWith("size")).describe("Bytes that the guest sees."),
    actual_size: z.int().meta(volatile).describe("Bytes that the image takes on the host."),
    backing_chain: z.array(z.string()).describe("Parents, nearest first."),
    partitions: z
      .array(
        z.object({
          number: z.int().describe("Number as the kernel counts."),
          name: z.string().nullable().describe("GPT partition name."),
          type: z.string().describe("Type GUID or MBR type."),
          uuid: z.string().nullable().describe("PARTUUID."),
          start: z.int().describe("First byte."),
          size: z.int().describe("Bytes."),
          filesystem: z.string().nullable().describe("What it holds."),
          label: z.string().nullable().describe("Label of the file system."),
          filesystem_uuid: z.string().nullable().describe("UUID of the file system."),
        }),
      )
      .meta(changesWith("size"))
      .describe("Partitions as they really are."),
    failed_checks: failedChecks()
      .meta(volatile)
      .describe("Rules of checks that did not hold when the image was made or changed."),
    drift: z
      .array(
        z.object({
          path: z.string().describe("The declared field that it concerns."),
          why: z.string().describe("What was found inside the image."),
          action: z.enum(["update", "replace"]).describe("What mends it."),
        }),
      )
      .describe("Where the image departs from its declaration; empty when all is as declared."),
  }),
  listing: z.object({
    folder: hostPath().describe("Which folder's images: those right in it."),
  }),
  aliases: {
    // Its id is libvirt's key of a volume: in a pool that is a folder the file's path, which from 0.9 on stands in path too.
    terraform: { moved: [{ provider: "dmacvicar/libvirt", type: "libvirt_volume", from: ["path", "id"] }] },
  },
  examples: [
    { title: "A blank image", input: { path: "ubuntu.qcow2", format: "qcow2", size: "20G" } },
    {
      title: "A partitioned image",
      input: {
        path: "data.qcow2",
        size: "1G",
        layout: { scheme: "gpt", partitions: [{ name: "data", filesystem: "ext4", label: "data" }] },
      },
    },
    {
      title: "Debian, built without root",
      input: {
        path: "debian.qcow2",
        size: "4G",
        bootstrap: { release: "bookworm", packages: ["openssh-server"], hostname: "web" },
        files: [{ path: "/etc/motd", content: "Made by guestkit\n" }],
      },
    },
    {
      title: "An image that is copied",
      input: {
        path: "golden.qcow2",
        source: { url: "debian.qcow2" },
        checks: {
          profiles: ["golden-image"],
          rules: { "no-telnet": { package: { name: "*telnetd*", state: "absent" } } },
        },
      },
    },
    { title: "A thin overlay", input: { path: "web-1.qcow2", backing_file: "debian.qcow2" } },
  ],
});

export type DiskImageInput = z.infer<typeof diskImage.input>;
