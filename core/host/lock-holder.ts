import { constants, type Stats } from "node:fs";
import { type FileHandle, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { GuestkitError } from "../kit/errors.ts";
import { locksOn } from "../kit/proc-locks.ts";
import { bootId, isAlive, type Owner, olderTag, ownOwner, pidNamespace, startTime } from "./owner.ts";
import { companionName } from "./partial.ts";
import { readPlainFile } from "./plain-file.ts";
import { distrust } from "./trust.ts";

/** Who holds a lock, as he says himself. It decides nothing: it is for the message of whoever is refused. */
interface Holder {
  readonly pid: number;
  /** Clock ticks after the boot: tells a process from a later one of that number. */
  readonly start_time: string;
  /** `pid:[4026531836]`: where the pid is one. */
  readonly pid_namespace: string;
  readonly boot_id: string;
  readonly host: string;
}

const LIMIT = 4096;
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/** Where the holder of a thing's lock is told: `.NAME.guestkit-lock` beside the path that stands for it. */
export function lockPath(place: string): string {
  return join(dirname(place), `.${companionName(place)}.guestkit-lock`);
}

/** What this process says of itself. */
export function ownMessage(): string {
  const pid = process.pid;
  const holder: Holder = {
    ...{ pid, start_time: startTime(pid) ?? "", pid_namespace: pidNamespace() },
    ...{ boot_id: bootId(), host: hostname() },
  };
  return `${JSON.stringify({ ...holder, tag: olderTag(ownOwner()) })}\n`;
}

/**
 * The process of an earlier release that is at work on a thing, or null: to those the file itself was the lock, and they
 * take ours for one by its tag.
 */
export async function olderHolder(place: string): Promise<Owner | null> {
  const told = await readPlainFile(lockPath(place), LIMIT).catch(() => null);
  if (!told || distrust(told.stat) !== null) return null;
  try {
    const { pid, tag, boot_id } = JSON.parse(told.bytes.toString()) as Record<string, unknown>;
    if (boot_id !== undefined || !Number.isSafeInteger(pid) || typeof tag !== "string" || tag === "") return null;
    const owner = { pid: Number(pid), tag };
    return isAlive(owner) ? owner : null;
  } catch {
    return null;
  }
}

/** Tells beside a thing who has its lock. What hinders it takes nothing from the lock. */
export async function tellHolder(place: string): Promise<void> {
  const path = lockPath(place);
  const handle = await makeAnew(path).catch(async () => {
    await rm(path, { force: true });
    return await makeAnew(path);
  });
  await handle.writeFile(ownMessage()).finally(() => handle.close());
}

const makeAnew = (path: string): Promise<FileHandle> => open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);

/** What is refused to whoever waited in vain. `file` is what is locked: the thing itself, or the file beside it. */
export async function locked(place: string, file: string, name: string, deed = "change"): Promise<GuestkitError> {
  const holder = await holderOf(place, file);
  const longer = "wait longer: --lock-timeout SECONDS, or GUESTKIT_LOCK_TIMEOUT";
  const help = holder.isOurs
    ? `Wait until it is done (guestkit progress shows it), then run again; or ${longer}.`
    : `End what holds it, or ${longer}. Whoever may read a file may hold its lock: chmod go-r "${file}" keeps others off.`;
  const why = holder.isOurs ? "is changing it" : `holds a lock on "${basename(file)}"`;
  return new GuestkitError("E_LOCKED", `Cannot ${deed} "${name}": ${holder.who} ${why}`, { at: { file: place }, help });
}

/** The same of a command of an earlier release. */
export function lockedOlder(place: string, name: string, deed: string, { pid }: Owner): GuestkitError {
  const message = `Cannot ${deed} "${name}": process ${pid}, of an earlier release of guestkit, is changing it`;
  return new GuestkitError("E_LOCKED", message, {
    at: { file: place },
    help: "Wait until it is done, then run again; or wait longer: --lock-timeout SECONDS, or GUESTKIT_LOCK_TIMEOUT.",
  });
}

async function holderOf(place: string, file: string): Promise<{ readonly who: string; readonly isOurs: boolean }> {
  const found = await stat(file).catch(() => null);
  const told = await readHolder(place, found);
  if (told && told.boot_id === bootId()) return { who: describe(told), isOurs: true };
  const seen = await lookForHolder(file);
  if (seen !== null) return { who: seen, isOurs: false };
  if (told) return { who: `process ${told.pid} on host ${told.host}`, isOurs: true };
  return { who: "another process", isOurs: false };
}

function describe({ pid, pid_namespace }: Holder): string {
  return pid_namespace === pidNamespace() ? `process ${pid}` : `process ${pid} of another container (${pid_namespace})`;
}

/** What a live holder said; null where it is another's word, nobody's, or a dead one's. */
export async function readHolder(place: string, thing: Stats | null = null): Promise<Holder | null> {
  const told = await readPlainFile(lockPath(place), LIMIT).catch(() => null);
  if (!told || distrust(told.stat, thing?.uid) !== null) return null;
  const holder = parse(told.bytes.toString());
  if (!holder) return null;
  const isHere = holder.boot_id === bootId() && holder.pid_namespace === pidNamespace();
  return isHere && startTime(holder.pid) !== holder.start_time ? null : holder;
}

function parse(text: string): Holder | null {
  try {
    const { pid, start_time, pid_namespace, boot_id, host } = JSON.parse(text) as Record<string, unknown>;
    const texts = [start_time, pid_namespace, boot_id, host].map((each) =>
      typeof each === "string" ? plain(each) : "",
    );
    const [start = "", namespace = "", boot = "", where = ""] = texts;
    if (!Number.isSafeInteger(pid)) return null;
    return { pid: Number(pid), start_time: start, pid_namespace: namespace, boot_id: boot, host: where };
  } catch {
    return null;
  }
}

/** It goes to a terminal. */
const plain = (text: string): string => text.replace(/[^\w.:[\]-]/g, "?").slice(0, 80);

/** `process 123 (flock)`, by the kernel's table; by everybody's open files where a child asked for it that has ended. */
async function lookForHolder(file: string): Promise<string | null> {
  const found = await stat(file, { bigint: true }).catch(() => null);
  const table = await readFile("/proc/locks", "latin1").catch(() => "");
  const pids = found ? locksOn(table, found).flatMap(({ kind, pid }) => (kind === "FLOCK" ? [pid] : [])) : [];
  for (const pid of pids) {
    const name = await commandOf(pid);
    if (name !== null) return `process ${pid} (${name})`;
  }
  for (const pid of found ? await readdir("/proc").catch(() => []) : []) {
    if (/^\d+$/.test(pid) && found && (await hasLocked(pid, found))) {
      return `process ${pid} (${await commandOf(Number(pid))})`;
    }
  }
  return null;
}

async function commandOf(pid: number): Promise<string | null> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => null);
  return name === null ? null : plain(name.trim());
}

/** Whether a process has the lock in one of its open files: proc_pid_fdinfo(5) tells of it. */
async function hasLocked(pid: string, file: { readonly dev: bigint; readonly ino: bigint }): Promise<boolean> {
  const names = await readdir(`/proc/${pid}/fdinfo`).catch(() => []);
  const texts = await Promise.all(names.map((each) => readFile(`/proc/${pid}/fdinfo/${each}`, "utf8").catch(() => "")));
  const lines = texts.flatMap((text) => text.split("\n").filter((line) => line.startsWith("lock:")));
  const table = lines.map((line) => line.replace(/^lock:\s*/, "")).join("\n");
  return locksOn(table, file).some(({ kind }) => kind === "FLOCK");
}
