import { z } from "zod";

const days = (what: string) => z.int().nullable().describe(what);
const day = (what: string) => z.string().nullable().describe(what);
const list = (what: string) => z.array(z.string()).describe(what);
const file = z.string().describe("The file that says it.");

const password = z.object({
  name: z.string().describe("Account."),
  state: z
    .enum(["set", "none", "locked", "never"])
    .describe("none: nobody is asked for one; locked: kept behind a !; never: nothing that is typed fits."),
  algorithm: z
    .string()
    .nullable()
    .describe("yescrypt, sha512, md5: what its hash was made by. The hash is never told."),
  changed: day("Day of its last change: 2026-11-30."),
  must_change: z.boolean().describe("It has to be changed at the next login."),
  min_days: days("Days before it may be changed again."),
  max_days: days("Days after which it has to be changed."),
  warn_days: days("Days of warning before that."),
  inactive_days: days("Days that it is taken for after that."),
  expires: day("Day from which nobody gets in."),
});

const sudoRule = z.object({
  file,
  users: list("Who: names, %group, #uid, +netgroup, aliases; ! before what is taken out."),
  hosts: list("On which hosts."),
  as_users: list("As whom; root where both this and as_groups are empty."),
  as_groups: list("As which groups."),
  commands: list("What, with arguments."),
  nopasswd: z.boolean().describe("No password is asked for."),
});

const sudo = z.object({
  rules: z.array(sudoRule).describe("Who may run what."),
  aliases: z
    .array(
      z.object({
        file,
        kind: z.enum(["user", "runas", "host", "command"]).describe("What it stands for."),
        name: z.string().describe("Its name: ADMINS."),
        members: list("What it stands for."),
      }),
    )
    .describe("Names that rules use."),
  defaults: z
    .array(z.object({ file, setting: z.string().describe("As written: env_reset, :web !authenticate.") }))
    .describe("Settings."),
});

const doasRule = z.object({
  file,
  action: z.enum(["permit", "deny"]).describe("Whether it is let through."),
  options: list("nopass, persist, keepenv, setenv; values of variables are left out."),
  identity: z.string().describe("Who: a user, or :group."),
  as_user: z.string().nullable().describe("As whom; null for anybody."),
  command: z.string().nullable().describe("What, with its arguments; null for any."),
});

const key = {
  type: z.string().describe("ssh-ed25519, ssh-rsa."),
  bits: z.int().nullable().describe("Its length; null of a type that is not known."),
  fingerprint: z.string().describe("As ssh-keygen -l tells it: SHA256:..."),
  comment: z.string().nullable().describe("Its comment."),
};

const sshd = z.object({
  settings: z
    .array(
      z.object({
        keyword: z.string().describe("Setting, in small letters: permitrootlogin."),
        value: z.string().describe("As sshd -T prints it; a setting of several values has one entry each."),
        file: z.string().nullable().describe("Where it is said; null of a default."),
      }),
    )
    .describe("What counts for everybody; defaults where all releases have the same."),
  matches: z
    .array(
      z.object({
        file,
        criteria: z.string().describe("For whom: user git, address 10.0.0.0/8."),
        settings: z
          .array(z.object({ keyword: z.string().describe("Setting."), value: z.string().describe("As written.") }))
          .describe("What is otherwise for them."),
      }),
    )
    .describe("Match blocks."),
});

export const accessReport = z.object({
  passwords: z.array(password).nullable().describe("State and ages of each account's password."),
  sudo: sudo.nullable().describe("What sudoers says; null where there is none."),
  doas: z.array(doasRule).describe("What doas.conf says."),
  authorized_keys: z
    .array(
      z.object({
        user: z.string().describe("Whom it lets in."),
        file,
        ...key,
        options: list('no-pty, command="...", from="..."; what environment is set to is left out.'),
      }),
    )
    .describe("Keys that let somebody in by SSH. The keys themselves are not told."),
  host_keys: z.array(z.object({ file: z.string().describe("The private key."), ...key })).describe("Host keys."),
  sshd: sshd.nullable().describe("Settings of the SSH server; null where it has no configuration."),
});
