import { z } from "zod";
import {
  address,
  adopts,
  changesWith,
  conflictsWith,
  createOnly,
  diskSize,
  growOnly,
  hostName,
  hostPath,
  immutable,
  keyedBy,
  live,
  resource,
  spelled,
  virtualSize,
  volatile,
  writeOnly,
} from "../declare.ts";

const APT_LOGIN =
  "Give them in apt's own file (machine HOST login NAME password WORD in /etc/apt/auth.conf.d/HOST.conf, apt_auth.conf(5)).";

/** Hexadecimal digits, or a path or address (which has something else than those in it). */
const digest = (digits: number) =>
  z.string().regex(new RegExp(`^(?:(?:sha\\d+:)?[0-9a-fA-F]{${digits}}|(?!sha\\d+:).*[^0-9a-fA-F].*)$`));

const checksums = address("Give them as source.headers, which go to the source's own server.");

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
      directory: hostPath()
        .optional()
        .meta(conflictsWith("tar"))
        .describe("A host directory copied into the file system."),
      tar: hostPath().optional().describe("A tar archive unpacked into the file system."),
    })
    .optional()
    .describe("What the file system holds from the start (ext4 and vfat)."),
});

const user = z.object({
  ssh_authorized_keys: z.array(z.string()).default([]).describe("Public keys that may log in."),
  groups: z.array(z.string()).default([]).describe("Groups beside the user's own, by name."),
  shell: z.string().default("/bin/bash").describe("Login shell: a path in the image."),
  sudo: z.boolean().default(false).describe("May become root without a password (installs sudo)."),
  password_hash: z.string().optional().meta(writeOnly).describe("crypt(3) hash of the password; none locks it."),
});

const bootstrap = z.object({
  distribution: z.enum(["debian"]).default("debian").describe("The family that is built."),
  release: z.string().default("bookworm").describe("Release by code name or suite."),
  variant: z
    .enum(["apt", "minbase", "important", "standard"])
    .default("minbase")
    .describe("How much of the base system is installed (mmdebstrap's variants)."),
  packages: z
    .array(z.string())
    .default([])
    .describe("Packages installed beside the variant's. One that is missing from the image later is drift."),
  hostname: hostName()
    .default("localhost")
    .describe("Host name written to /etc/hostname: letters, digits, - and dots."),
  users: z.record(z.string(), user).default({}).describe("Users to create, by name."),
  kernel: z
    .string()
    .default("linux-image-cloud-amd64")
    .describe('Kernel package, or "none" for an image that does not boot by itself.'),
  cmdline: z
    .string()
    .default("console=tty0 console=ttyS0,115200")
    .describe("Kernel command line besides root= and ro."),
  architecture: z.enum(["amd64"]).default("amd64").describe("Debian architecture."),
  components: z.array(z.string()).default(["main"]).describe("Archive components."),
  mirror: z
    .string()
    .optional()
    .meta({ ...createOnly, ...address(APT_LOGIN) })
    .describe("Archive address; the host's own apt sources where left out. No name or password: docs/disk-image.md."),
  keyring: hostPath()
    .optional()
    .meta(createOnly)
    .describe("Keyring that signs the archive; Debian's own where left out."),
  snapshot: z
    .string()
    .optional()
    .describe(
      "Date of the archive (20261101T000000Z), through a snapshot mirror given as mirror with {snapshot} in it.",
    ),
});

const file = z.object({
  path: z.string().startsWith("/").meta(spelled("guestPath")).describe("Absolute path inside the image."),
  content: z.string().optional().meta(conflictsWith("source", "secret_content")).describe("The file's text."),
  source: hostPath().optional().meta(conflictsWith("secret_content")).describe("A host file whose bytes it gets."),
  secret_content: z
    .string()
    .optional()
    .meta(writeOnly)
    .describe("The file's text where it must be stored nowhere else."),
  mode: z
    .string()
    .regex(/^[0-7]{3,4}$/)
    .meta(spelled("octal"))
    .default("0644")
    .describe("Permission bits in octal."),
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
    source: z
      .object({
        url: z
          .string()
          .min(1)
          .meta({
            ...immutable,
            ...spelled("place"),
            ...address('Give them as source.headers: Authorization = "Basic BASE64-OF-NAME:PASSWORD".', "sha256"),
          })
          .describe(
            "A path, or a file:, http: or https: address without name and password. Another signature, or with the same sha256 another place, is no change.",
          ),
        sha256: digest(64)
          .optional()
          .meta({ ...immutable, ...spelled("digestPlace"), ...checksums })
          .describe(
            "SHA-256 of the bytes that are fetched, checked while they stream: in hexadecimal, or the path or address of a file of checksums that lists the source by its name (SHA256SUMS), read at create.",
          ),
        sha512: digest(128)
          .optional()
          .meta({ ...immutable, ...spelled("digestPlace"), ...checksums })
          .describe("SHA-512 of the bytes that are fetched: in hexadecimal, or a file of checksums (SHA512SUMS)."),
        unpacked_sha256: digest(64)
          .optional()
          .meta({ ...immutable, ...spelled("digestPlace"), ...checksums })
          .describe(
            "SHA-256 of what a compressed source (gzip, xz, zstd, bzip2) holds: in hexadecimal, or a file of checksums that lists the source by its name without .gz, .xz, .zst or .bz2.",
          ),
        keyring: hostPath()
          .optional()
          .meta(createOnly)
          .describe(
            "Public keys (gpg --export) one of which must have signed the file of checksums, in itself or beside it (.gpg, .asc, .sig, .sign).",
          ),
        format: z
          .enum(["qcow2", "raw"])
          .optional()
          .meta(createOnly)
          .describe(
            "Format of the source. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes.",
          ),
        allow_backing_files: z
          .boolean()
          .default(false)
          .meta(createOnly)
          .describe(
            "Let the source lean on files outside its own folder that no record of guestkit's names; they become part of the image. Only for sources that you know.",
          ),
        headers: z
          .record(z.string(), z.string())
          .optional()
          .meta({ ...createOnly, ...writeOnly })
          .describe("HTTP headers sent with the request."),
        proxy: z
          .string()
          .optional()
          .meta({
            ...createOnly,
            ...address(
              'Give them as source.proxy_authorization ("Basic BASE64-OF-NAME:PASSWORD"), or set https_proxy in the environment.',
            ),
          })
          .describe("Proxy address without name and password; the environment's (https_proxy) where left out."),
        proxy_authorization: z
          .string()
          .optional()
          .meta({ ...createOnly, ...writeOnly })
          .describe("What the proxy is to let us in for: its Proxy-Authorization header (Basic ...)."),
        ca_file: hostPath().optional().meta(createOnly).describe("PEM file of further certificate authorities."),
      })
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
    mode: z
      .string()
      .regex(/^0?[67][0-7]{2}$/)
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
    { title: "A thin overlay", input: { path: "web-1.qcow2", backing_file: "debian.qcow2" } },
  ],
});

export type DiskImageInput = z.infer<typeof diskImage.input>;
