import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { run, whereIs } from "../host/program/process.ts";
import {
  guestkitCommand,
  quotedInUnit as quoted,
  readUnit,
  unitFile,
  wantFile,
  wantUnit,
  writeUnit,
} from "../host/systemd-unit.ts";
import type { Context, Settings } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { ENVIRONMENT_FILE } from "./redact.ts";

/** When a job runs. */
export interface Schedule {
  readonly job: string;
  /** The job's file. */
  readonly file: string;
  /** OnCalendar of systemd.time(7). */
  readonly onCalendar: string;
  /** Seconds. */
  readonly randomDelay: number;
  readonly environmentFile: string | null;
}

const TARGET = "timers.target";
/** Machines' units start with "guestkit-": no machine's name makes one of these. */
const timerOf = (job: string) => `guestkit.ci-${job}.timer`;
const serviceOf = (job: string) => `guestkit.ci-${job}.service`;

/** The unit files of a job. */
export function unitFiles(job: string): { readonly timer: string; readonly service: string } {
  return { timer: unitFile(timerOf(job)), service: unitFile(serviceOf(job)) };
}

/** Whether the units are as `schedule` would make them. */
export async function isInstalled(schedule: Schedule, settings: Settings): Promise<boolean> {
  const { job } = schedule;
  const [timer, service] = await Promise.all([readUnit(timerOf(job)), readUnit(serviceOf(job))]);
  return timer === timerText(schedule) && service === serviceText(schedule, settings);
}

/** Writes timer and service and enables the timer. Throws `E_CI_CALENDAR`. Gives whether systemd runs the timer now. */
export async function installTimer(schedule: Schedule, { settings, signal }: Context): Promise<boolean> {
  await demandCalendar(schedule.onCalendar, signal);
  await writeUnit(serviceOf(schedule.job), serviceText(schedule, settings));
  await writeUnit(timerOf(schedule.job), timerText(schedule));
  await wantUnit(TARGET, timerOf(schedule.job));
  return systemctl([["daemon-reload"], ["restart", timerOf(schedule.job)]], signal);
}

/** Gives whether there was one. */
export async function removeTimer(job: string, { signal }: Pick<Context, "signal">): Promise<boolean> {
  const had = (await readUnit(timerOf(job))) !== null || (await readUnit(serviceOf(job))) !== null;
  if (had) await systemctl([["stop", timerOf(job)]], signal);
  await rm(wantFile(TARGET, timerOf(job)), { force: true });
  for (const path of Object.values(unitFiles(job))) await rm(path, { force: true });
  if (had) await systemctl([["daemon-reload"]], signal);
  return had;
}

export async function hasTimer(job: string): Promise<boolean> {
  return (await readUnit(timerOf(job))) !== null || (await readUnit(serviceOf(job))) !== null;
}

/** When a job's timer fires; null without one. */
export async function calendarOf(job: string): Promise<string | null> {
  return /^OnCalendar=(.*)$/m.exec((await readUnit(timerOf(job))) ?? "")?.[1] ?? null;
}

async function demandCalendar(text: string, signal: AbortSignal): Promise<void> {
  // Without systemd's own judgement, at least it stays one line.
  const isOneLine = !/[\n\r]/.test(text) && text.trim() !== "";
  const isJudged = isOneLine && whereIs("systemd-analyze") !== null;
  const accept = [...Array(256).keys()];
  const judged = isJudged ? await run("systemd-analyze", ["calendar", "--", text], { signal, accept }) : null;
  if (isOneLine && (judged === null || judged.exitCode === 0)) return;
  throw new GuestkitError("E_CI_CALENDAR", `Cannot use ${JSON.stringify(text)}: systemd knows no such time`, {
    at: { field: ["on_calendar"] },
    help: 'Write it as systemd.time(7) does: daily, hourly, "Mon..Fri 03:00", "*:0/15".',
  });
}

/** What the job has started lives on when it ends: machines are in its control group. */
function serviceText({ job, file, environmentFile }: Schedule, { dataDir, cacheDir, runtimeDir }: Settings): string {
  const paths = {
    ...{ GUESTKIT_DATA_DIR: dataDir, GUESTKIT_CACHE_DIR: cacheDir, GUESTKIT_RUNTIME_DIR: runtimeDir },
    ...(environmentFile !== null && { [ENVIRONMENT_FILE]: environmentFile }),
  };
  const environment = Object.entries(paths).map(([name, path]) => `"${name}=${quoted(path)}"`);
  return `[Unit]
Description=guestkit CI job ${job}
Documentation=man:systemd.service(5)

[Service]
Type=oneshot
KillMode=process
TimeoutStartSec=infinity
Environment=${environment.join(" ")}
${environmentFile === null ? "" : `EnvironmentFile=${environmentFile.replace(/%/g, "%%")}\n`}ExecStart="${quoted(guestkitCommand("install the job"))}" ci run ${job} --config "${quoted(file)}"
`;
}

function timerText({ job, onCalendar, randomDelay }: Schedule): string {
  return `[Unit]
Description=guestkit CI job ${job}
Documentation=man:systemd.timer(5)

[Timer]
OnCalendar=${onCalendar}
RandomizedDelaySec=${randomDelay}
Persistent=true

[Install]
WantedBy=${TARGET}
`;
}

/** Tells this user's systemd where it runs; where it does not, it finds the units at its next start. */
async function systemctl(commands: readonly (readonly string[])[], signal: AbortSignal): Promise<boolean> {
  const runtime = process.env.XDG_RUNTIME_DIR;
  if (!runtime || whereIs("systemctl") === null) return false;
  if (!(await stat(join(runtime, "systemd/private")).catch(() => null))) return false;
  const accept = [...Array(256).keys()];
  for (const command of commands) {
    const { exitCode } = await run("systemctl", ["--user", "--no-ask-password", ...command], { signal, accept });
    if (exitCode !== 0) return false;
  }
  return true;
}
