import { z } from "zod";
import { address, callerPath, createOnly, hostName, writeOnly } from "../declare.ts";

const APT_LOGIN =
  "Give them in apt's own file (machine HOST login NAME password WORD in /etc/apt/auth.conf.d/HOST.conf, apt_auth.conf(5)).";

const user = z.object({
  ssh_authorized_keys: z.array(z.string()).default([]).describe("Public keys that may log in."),
  groups: z.array(z.string()).default([]).describe("Groups beside the user's own, by name."),
  shell: z.string().default("/bin/bash").describe("Login shell: a path in the image."),
  sudo: z.boolean().default(false).describe("May become root without a password (installs sudo)."),
  password_hash: z.string().optional().meta(writeOnly).describe("crypt(3) hash of the password; none locks it."),
});

/** A system that is built from a distribution's packages. */
export const bootstrap = z.object({
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
  keyring: callerPath()
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
