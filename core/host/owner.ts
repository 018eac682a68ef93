import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";

/** A process, told apart from a later one with the same number: by its start time and the boot it ran in. */
export interface Owner {
  readonly pid: number;
  /**
   * Hex digests: of boot id and start time (8), of the boot id (4), of the namespace whose number it is (4); earlier
   * releases wrote the first alone. Empty where the system does not tell.
   */
  readonly tag: string;
}

export function ownOwner(): Owner {
  own ??= { pid: process.pid, tag: tagOf(process.pid) ?? "" };
  return own;
}

let own: Owner | undefined;

/** Whether it runs, as far as this process can tell: by its number it may be asked and ended. */
export function isAlive(owner: Owner): boolean {
  if (owner.tag !== "") return owner.tag === tagOf(owner.pid) || owner.tag === tagOf(owner.pid)?.slice(0, START);
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Whether it has ended, for whoever tidies up behind it. Of a process of another container on this host (another
 * namespace of process numbers, in this boot) nobody can tell here.
 */
export function isGone(owner: Owner): boolean {
  return !isAlive(owner) && !isElsewhere(owner);
}

const START = 8;

/** As earlier releases know a process. */
export const olderTag = ({ tag }: Owner): string => tag.slice(0, START);

function isElsewhere({ tag }: Owner): boolean {
  const [boot, space] = [tag.slice(START, START + 4), tag.slice(START + 4)];
  return space !== "" && boot === digest(bootId(), 4) && space !== digest(pidNamespace(), 4);
}

function tagOf(pid: number): string | null {
  const start = startTime(pid);
  if (start === null) return null;
  return digest(`${bootId()} ${start}`, START) + digest(bootId(), 4) + digest(pidNamespace(), 4);
}

const digest = (text: string, length: number) => createHash("sha256").update(text).digest("hex").slice(0, length);

/**
 * When a process started, in clock ticks after the boot; null where there is none any more. Its first thread may be a
 * zombie before the others have let go of files and locks: only then has it ended.
 */
export function startTime(pid: number): string | null {
  // Most that is met in a folder where many things are changed at once is this process's own: one look is enough at that.
  if (pid !== process.pid) return startOf(pid);
  ownStart ??= startOf(pid);
  return ownStart;
}

let ownStart: string | null = null;

function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name may hold anything; the fields that follow its last bracket do not. Threads are the 20th, the start the 22nd (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, threads, start = null] = [fields[0], Number(fields[17]), fields[19]];
    return state === "X" || (state === "Z" && threads <= 1) ? null : start;
  } catch {
    return null;
  }
}

/** Another one after each start of the host; empty where the system does not tell. */
export function bootId(): string {
  boot ??= readOr(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  return boot;
}

let boot: string | undefined;

/** `pid:[4026531836]`: the namespace in which the numbers of processes are this process's. */
export function pidNamespace(): string {
  space ??= readOr(() => readlinkSync("/proc/self/ns/pid"));
  return space;
}

let space: string | undefined;

function readOr(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

/** A process of this host as an owner; null where there is none. */
export function ownerOf(pid: number): Owner | null {
  const tag = tagOf(pid);
  return tag === null ? null : { pid, tag };
}
