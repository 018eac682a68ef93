import { z } from "zod";
import { conflictsWith, keyedBy, permissionBits, spelled } from "../../declare.ts";

const KINDS = ["package", "file", "service", "user", "sshd", "certificates", "leftovers"];
/** A rule has one kind. */
const kind = (name: string) => conflictsWith(...KINDS.filter((each) => each !== name));

const guestPath = () => z.string().startsWith("/").meta(spelled("guestPath"));
const octal = () => permissionBits().meta(spelled("octal"));

const packageRule = z.object({
  name: z.string().min(1).describe("Name of the package; * and ? stand for other characters."),
  state: z
    .enum(["present", "absent", "optional"])
    .default("present")
    .describe("Whether it is to be there; optional says what holds of it where it is."),
  version: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Versions that are right, in the order of the system\'s own package manager: ">= 3.0.15", ">= 1:9.2, < 1:10". Of several that are installed each has to be right.',
    ),
});

const fileRule = z.object({
  path: guestPath().describe("Absolute path inside the image; links are followed."),
  state: z.enum(["present", "absent", "optional"]).default("present").describe("Whether the file is to be there."),
  type: z.enum(["file", "directory", "symlink"]).optional().describe("What it has to be; a symlink is not followed."),
  owner: z.string().min(1).optional().describe("Name or number of the user who has to own it."),
  group: z.string().min(1).optional().describe("Name or number of its group."),
  mode: octal().optional().meta(conflictsWith("mode_at_most")).describe("Permission bits in octal, all of them: 0644."),
  mode_at_most: octal().optional().describe("Permission bits in octal of which it may have none but these: 0640."),
  sha256: z
    .string()
    .regex(/^(?:sha256:)?[0-9A-Fa-f]{64}$/, "64 hexadecimal digits")
    .optional()
    .meta(spelled("digest"))
    .describe("Digest of the whole content: 64 hexadecimal digits."),
  contains: z.string().min(1).optional().describe("Text that has to be in it."),
  lacks: z.string().min(1).optional().describe("Text that must not be in it."),
  matches: z
    .string()
    .min(1)
    .optional()
    .describe("Regular expression that a line has to match; without back references and looking around."),
  matches_not: z.string().min(1).optional().describe("Regular expression that no line may match."),
});

const serviceRule = z.object({
  name: z.string().min(1).describe("Name of the service: sshd, fstrim.timer."),
  state: z
    .enum(["enabled", "disabled", "masked"])
    .describe("What it is to be at the next start; masked is disabled as well."),
});

const userRule = z.object({
  name: z.string().min(1).describe("Name of the user."),
  state: z.enum(["present", "absent", "optional"]).default("present").describe("Whether the user is to be there."),
  uid: z.int().min(0).optional().describe("Number that the user has to have."),
  shell: z.string().min(1).optional().describe("Shell that the user has to have: /usr/sbin/nologin."),
  locked: z.boolean().optional().describe("Whether a password lets nobody in as this user."),
  groups: z.array(z.string()).optional().describe("Names of groups that the user has to be in."),
});

const sshdRule = z.object({
  setting: z
    .string()
    .min(1)
    .describe("Keyword of sshd_config: PermitRootLogin. What a Match block says for some counts as well."),
  allowed: z.array(z.string()).min(1).describe("Values of which the effective one has to be one, in any case."),
});

const certificatesRule = z.object({
  path: guestPath()
    .optional()
    .describe(
      "Path of the certificate inside the image; * and ? stand for other characters. Left out: all that are found.",
    ),
  days: z.int().min(0).max(36_500).default(30).describe("Days for which each has to be good, from today on."),
});

const leftoversRule = z.object({
  kinds: z
    .array(
      z.enum([
        "host_keys",
        "private_keys",
        "authorized_keys",
        "tokens",
        "history",
        "machine_id",
        "random_seed",
        "logs",
        "leases",
        "cloud_init",
        "caches",
        "temporary",
      ]),
    )
    .min(1)
    .describe("What must not be left of the system that the image came from."),
  allowed: z
    .array(guestPath())
    .default([])
    .describe("Paths that may be there all the same; * and ? stand for other characters."),
});

const rule = z.object({
  title: z.string().min(1).optional().describe("What it asks for, in a sentence; told where it is not so."),
  severity: z
    .enum(["info", "low", "medium", "high", "critical"])
    .default("medium")
    .describe("How bad it is where it does not hold; info is told and stops nothing."),
  package: packageRule.optional().meta(kind("package")).describe("A package, its presence and version."),
  file: fileRule.optional().meta(kind("file")).describe("A file: whether it is there, whose it is, what is in it."),
  service: serviceRule.optional().meta(kind("service")).describe("A service, and whether it starts by itself."),
  user: userRule.optional().meta(kind("user")).describe("A user: whether there is one, and how."),
  sshd: sshdRule.optional().meta(kind("sshd")).describe("A setting of the SSH server."),
  certificates: certificatesRule
    .optional()
    .meta(kind("certificates"))
    .describe("Certificates in the usual places of servers, and for how long they are good."),
  leftovers: leftoversRule
    .optional()
    .meta(kind("leftovers"))
    .describe("What must not be left in an image that is copied: keys, tokens, history, logs."),
});

const waiver = z.object({
  check: z.string().min(1).describe("Name of the rule that need not hold."),
  reason: z.string().regex(/\S/, "a text that says something").describe("Why it need not."),
  until: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, "a day: 2027-01-31")
    .describe("Last day on which the waiver counts, in UTC: 2027-01-31."),
});

/** What a file of rules says, and a declaration as well. */
export const ruleFields = {
  profiles: z
    .array(z.enum(["golden-image", "hardened"]))
    .default([])
    .describe("Sets of rules that guestkit brings along; a rule of the same name stands above theirs."),
  rules: z.record(z.string(), rule).default({}).describe("What has to hold, each rule by a name of its own."),
  waivers: z
    .array(waiver)
    .default([])
    .meta(keyedBy("check"))
    .describe("Rules that need not hold for a while, and why."),
};
