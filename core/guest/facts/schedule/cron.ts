import type { Tree } from "../../../filesystem/tree.ts";

/** A line of a crontab, or a script of /etc/cron.daily and its like. */
export interface CronJob {
  readonly file: string;
  /** `17 * * * *`, `@reboot`; `@daily` for a script of /etc/cron.daily. */
  readonly schedule: string;
  /** Whom it runs as; null where the file does not say. */
  readonly user: string | null;
  readonly command: string;
}

/** Tables whose lines name a user (crontab(5)). */
const SYSTEM = { table: "/etc/crontab", folder: "/etc/cron.d" };
/** One file a user, named after them: Debian, Red Hat, SUSE and Alpine. */
const SPOOLS = ["/var/spool/cron/crontabs", "/var/spool/cron", "/var/spool/cron/tabs", "/etc/crontabs"];
const PERIODS = ["hourly", "daily", "weekly", "monthly"];
/** What run-parts(8) passes over. */
const SCRIPT = /^[A-Za-z0-9_-]+$/;
const VARIABLE = /^[A-Za-z_"'][^\s=]*\s*=/;
const FIELDS = /^(@\S+|(?:\S+\s+){4}\S+)\s+(.+)$/;

/** Every job of cron, by the files' order. */
export async function readCron(tree: Tree): Promise<readonly CronJob[]> {
  const jobs = [...(await jobsOf(tree, SYSTEM.table, true))];
  for (const name of await tree.names(SYSTEM.folder)) {
    if (SCRIPT.test(name)) jobs.push(...(await jobsOf(tree, `${SYSTEM.folder}/${name}`, true)));
  }
  for (const folder of SPOOLS) {
    for (const user of await tree.names(folder)) {
      const own = await jobsOf(tree, `${folder}/${user}`, false);
      jobs.push(...own.map((job) => ({ ...job, user })));
    }
  }
  for (const period of PERIODS) jobs.push(...(await scripts(tree, period)));
  return jobs;
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
    if (!hasUser) return [{ schedule, user: null, command: rest }];
    const [, user, command] = /^(\S+)\s+(.+)$/.exec(rest) ?? [];
    return user !== undefined && command !== undefined ? [{ schedule, user, command }] : [];
  });
}

async function scripts(tree: Tree, period: string): Promise<readonly CronJob[]> {
  const folder = `/etc/cron.${period}`;
  const names = (await tree.names(folder)).filter((name) => SCRIPT.test(name));
  return names.map((name) => ({
    file: `${folder}/${name}`,
    schedule: `@${period}`,
    user: "root",
    command: `${folder}/${name}`,
  }));
}
