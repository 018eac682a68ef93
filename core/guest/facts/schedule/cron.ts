import type { Tree, TreeNode } from "../../../filesystem/tree.ts";
import { withoutLogins } from "../../without-logins.ts";

/** A line of a crontab, or a script of /etc/cron.daily and its like. */
export interface CronJob {
  readonly file: string;
  /** `17 * * * *`, `@reboot`; `@daily` for a script of /etc/cron.daily. */
  readonly schedule: string;
  /** Whom it runs as; null where the file does not say. */
  readonly user: string | null;
  /** Without the secrets in it, as far as they show. */
  readonly command: string;
}

/** Tables whose lines name a user (crontab(5)). */
const SYSTEM = { table: "/etc/crontab", folder: "/etc/cron.d" };
/** One file a user, named after them: Debian, Red Hat, SUSE and Alpine. */
const SPOOLS = ["/var/spool/cron/crontabs", "/var/spool/cron", "/var/spool/cron/tabs", "/etc/crontabs"];
const PERIODS = ["hourly", "daily", "weekly", "monthly"];
/** Names that cron and run-parts(8) of Debian take; those of cronie take all but what editors and packages leave. */
const STRICT = /^[A-Za-z0-9_-]+$/;
const LEFT = /^[.#]|~$|,v$|\.(?:bak|cfsaved|rpmnew|rpmorig|rpmsave|swp)$/;
const VARIABLE = /^[A-Za-z_"'][^\s=]*\s*=/;
const FIELDS = /^(@\S+|(?:\S+\s+){4}\S+)\s+(.+)$/s;

/** Every job of cron, by the files' order. */
export async function readCron(tree: Tree): Promise<readonly CronJob[]> {
  const isDebian = (await tree.resolve("/etc/debian_version")) !== null;
  const counts = (name: string) => (isDebian ? STRICT.test(name) : !LEFT.test(name));
  const jobs = [await jobsOf(tree, SYSTEM.table, true)];
  for (const name of await tree.names(SYSTEM.folder)) {
    if (counts(name)) jobs.push(await jobsOf(tree, `${SYSTEM.folder}/${name}`, true));
  }
  for (const folder of await spools(tree)) {
    for (const user of await tree.names(folder)) {
      const own = await jobsOf(tree, `${folder}/${user}`, false);
      jobs.push(own.map((job) => ({ ...job, user })));
    }
  }
  for (const period of PERIODS) jobs.push(await scripts(tree, period, counts));
  return jobs.flat();
}

/** Each folder once: Alpine has a link to its own where others have theirs. */
async function spools(tree: Tree): Promise<readonly string[]> {
  const found: { readonly folder: string; readonly node: TreeNode }[] = [];
  for (const folder of SPOOLS) {
    const node = await tree.resolve(folder);
    const isNew = node && !found.some((each) => each.node.fs === node.fs && each.node.inode === node.inode);
    if (isNew) found.push({ folder, node });
  }
  return found.map(({ folder }) => folder);
}

async function jobsOf(tree: Tree, file: string, hasUser: boolean): Promise<readonly CronJob[]> {
  const text = await tree.readText(file);
  return text === null ? [] : parseCrontab(text, hasUser).map((job) => ({ file, ...job }));
}

/** Jobs of a crontab; lines that are none (variables, comments, what cron itself refuses) are left out. */
export function parseCrontab(text: string, hasUser: boolean): readonly Omit<CronJob, "file">[] {
  return text.split("\n").flatMap((raw): readonly Omit<CronJob, "file">[] => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || VARIABLE.test(line)) return [];
    const [, times, rest = ""] = FIELDS.exec(line) ?? [];
    if (times === undefined) return [];
    const schedule = times.replace(/\s+/g, " ");
    if (!hasUser) return [{ schedule, user: null, command: withoutLogins(rest) }];
    const [, user, command] = /^(\S+)\s+(.+)$/s.exec(rest) ?? [];
    return user !== undefined && command !== undefined ? [{ schedule, user, command: withoutLogins(command) }] : [];
  });
}

async function scripts(tree: Tree, period: string, counts: (name: string) => boolean): Promise<readonly CronJob[]> {
  const folder = `/etc/cron.${period}`;
  const names = (await tree.names(folder)).filter(counts);
  return names.map((name) => ({
    file: `${folder}/${name}`,
    schedule: `@${period}`,
    user: "root",
    command: `${folder}/${name}`,
  }));
}
