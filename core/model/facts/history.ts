import { z } from "zod";

const text = (what: string) => z.string().describe(what);
const optional = (what: string) => z.string().nullable().describe(what);

const time = (what: string) => optional(`${what} (RFC 3339, UTC); null where that is not told.`);

export const historyReport = z.object({
  logs: z
    .array(
      z.object({
        path: text("The file."),
        records: z.int().min(0).describe("How many records it has; of those, the last 100 of a kind are told below."),
      }),
    )
    .describe("Files that tell of logins: wtmp, btmp, wtmpdb."),
  boots: z
    .array(
      z.object({
        at: time("When it was started"),
        kernel: optional("The kernel that ran, where that was noted."),
        until: time("When it was shut down"),
        ended: z
          .enum(["shutdown", "crash", "unknown"])
          .describe("shutdown; crash: the next start came without one; unknown: nothing is told after it."),
      }),
    )
    .describe("Starts of the system, newest first."),
  logins: z
    .array(
      z.object({
        user: text("Login name."),
        line: text("Where: pts/0, tty1."),
        host: optional("Where from; null for one at the machine itself."),
        at: time("When it began"),
        until: time("When it ended, or the system with it"),
        ended: z
          .enum(["logout", "shutdown", "crash", "unknown"])
          .describe("How: logout, shutdown, crash; unknown where no end is told."),
      }),
    )
    .describe("Sessions, newest first, as last prints them."),
  failed_logins: z
    .array(
      z.object({
        user: optional("Login name; null for a name that no user has: it may be a password typed too soon."),
        line: text("Where: ssh:notty, tty1."),
        host: optional("Where from."),
        at: time("When"),
      }),
    )
    .describe("Logins that were refused, newest first, as lastb prints them."),
  last_logins: z
    .array(
      z.object({
        user: text("Login name."),
        at: text("When (RFC 3339, UTC)."),
        line: optional("Where: pts/0."),
        host: optional("Where from."),
        file: text("The file that tells."),
      }),
    )
    .describe("When each user was there last, by lastlog and lastlog2."),
  shell_histories: z
    .array(
      z.object({
        path: text("The file."),
        user: text("Whose home it is in."),
        lines: z.int().min(0).nullable().describe("Its lines; null for more than 4 MiB."),
      }),
    )
    .describe("Files that keep what users typed: where they are, never what is in them."),
  first_signs: z
    .array(
      z.object({
        kind: z.enum(["installer", "cloud_init", "machine_id", "package_log"]).describe("What left it."),
        path: text("The file or folder."),
        changed_at: time("When it was changed last"),
      }),
    )
    .describe("Traces of how and when the system came to be."),
  instance_id: optional("Cloud-init's id of the machine that it set up last."),
});
