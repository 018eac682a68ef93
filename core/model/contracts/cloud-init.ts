import { z } from "zod";
import { conflictsWith, hostName, keyedBy, permissionBits, spelled, writeOnly } from "../declare.ts";

const user = z.object({
  ssh_authorized_keys: z.array(z.string()).default([]).describe("Public keys that may log in."),
  groups: z.array(z.string()).default([]).describe("Groups beside the user's own, by name."),
  shell: z.string().optional().describe("Login shell; the distribution's own where left out."),
  sudo: z.boolean().default(false).describe("May become root without a password."),
  password_hash: z.string().optional().meta(writeOnly).describe("crypt(3) hash of the password."),
  lock_passwd: z
    .boolean()
    .optional()
    .describe("Refuse to log in by password; true where left out and there is no password_hash."),
});

const writtenFile = z.object({
  path: z.string().startsWith("/").meta(spelled("guestPath")).describe("Absolute path inside the guest."),
  content: z.string().optional().meta(conflictsWith("secret_content")).describe("The file's text."),
  secret_content: z
    .string()
    .optional()
    .meta(writeOnly)
    .describe("The file's text where it must be stored nowhere else."),
  permissions: permissionBits().meta(spelled("octal")).default("0644").describe("Permission bits in octal."),
  owner: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_.-]*(:[A-Za-z_][A-Za-z0-9_.-]*)?$/, "user or user:group")
    .default("root:root")
    .describe("user:group. A file that is not root's is written after users are made and packages installed."),
  append: z.boolean().default(false).describe("Add to a file that is there instead of replacing it."),
});

/** What a raw user-data document leaves no room for. */
const SHORT_FORM = [
  "users",
  "ssh_authorized_keys",
  "packages",
  "package_update",
  "write_files",
  "runcmd",
  "timezone",
  "locale",
] as const;

/**
 * What cloud-init is told: `cloud_init` of a virtual_machine and the resource `cloud_init_seed` share these fields.
 * Nothing has a default here, so that a raw document and the short form can be told apart.
 */
export const cloudInitFields = {
  user_data: z
    .string()
    .optional()
    .meta(conflictsWith("secret_user_data", ...SHORT_FORM))
    .describe("The user-data document as it is (#cloud-config, a script, MIME), instead of the short form."),
  secret_user_data: z
    .string()
    .optional()
    .meta({ ...writeOnly, ...conflictsWith(...SHORT_FORM) })
    .describe("The user-data document where it holds secrets and must be stored nowhere else."),
  meta_data: z
    .string()
    .optional()
    .meta(conflictsWith("hostname", "instance_id"))
    .describe("The meta-data document as it is (YAML). An instance-id is added where it has none."),
  network_config: z
    .string()
    .optional()
    .describe("The network-config document as it is (YAML, version 1 or 2); the image's own default where left out."),
  hostname: hostName().optional().describe("Host name of the guest: letters, digits, - and dots."),
  instance_id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "letters, digits, dots, - and _, at most 128, a letter or digit first")
    .optional()
    .describe(
      "Identity by which cloud-init tells a first boot from a later one. Left out, it follows from what is declared, so that a change makes cloud-init run anew at the next boot.",
    ),
  users: z
    .record(z.string(), user)
    .optional()
    .describe("Users to create, by name. The image's default user is made as well only for ssh_authorized_keys."),
  ssh_authorized_keys: z
    .array(z.string())
    .optional()
    .describe("Public keys that may log in as the image's default user."),
  packages: z.array(z.string()).optional().describe("Packages to install at the first boot."),
  package_update: z.boolean().optional().describe("Refresh the package lists first."),
  write_files: z
    .array(writtenFile)
    .optional()
    .meta(keyedBy("path"))
    .describe("Files to write at the first boot, in this order, before packages are installed."),
  runcmd: z
    .array(z.string())
    .optional()
    .describe("Shell commands run in this order at the end of the first boot. The first one that fails ends it."),
  timezone: z.string().optional().describe("Time zone: Europe/Berlin."),
  locale: z.string().optional().describe("Locale: C.UTF-8."),
};
