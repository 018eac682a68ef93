import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";

/** A process, told apart from a later one with the same number: by its start time and the boot it ran in. */
export interface Owner {
  readonly pid: number;
  /** Digest of boot id and start time; empty where the system does not tell. */
  readonly tag: string;
}

export function ownOwner(): Owner {
  own ??= { pid: process.pid, tag: tagOf(process.pid) ?? "" };
  return own;
}

let own: Owner | undefined;

export function isAlive(owner: Owner): boolean {
  if (owner.tag !== "") return tagOf(owner.pid) === owner.tag;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function tagOf(pid: number): string | null {
  const start = startTime(pid);
  if (start === null) return null;
  return createHash("sha256").update(`${bootId()} ${start}`).digest("hex").slice(0, 8);
}

/** When a process started, in clock ticks after the boot; null where there is none, or a zombie. */
export function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name may hold anything; the fields that follow its last bracket do not. Start time is the 22nd.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : (fields[19] ?? null);
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
  return readOr(() => readlinkSync("/proc/self/ns/pid"));
}

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
