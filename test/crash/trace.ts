import { basename } from "node:path";

/** The nth call of a name that a thread makes: of guestkit's own, or of the threads of a program that it runs. */
export interface Call {
  /** `guestkit`, or `qemu-img#2` for the second run of qemu-img. */
  readonly victim: string;
  readonly call: string;
  readonly nth: number;
}

/** Calls that change what lies on a disk, or order it. `openat` is missing: what it makes is seen by the call after it. */
export const CALLS = [
  ...["write", "pwrite64", "writev", "pwritev", "copy_file_range", "fallocate", "ftruncate"],
  ...["fsync", "fdatasync", "rename", "renameat2", "link", "symlink", "unlink", "unlinkat", "mkdir", "rmdir"],
  ...["chmod", "fchmod", "flock"],
] as const;

/** What else tells whose a thread is. */
export const FOLLOWED = ["execve", "clone", "clone3", "vfork", "fork"] as const;

interface Line {
  readonly thread: string;
  readonly call: string;
  readonly rest: string;
}

/**
 * The calls of a traced run (`strace -f -y`) on files below `folder` at which strace can stop it. It counts by thread
 * and acts in each that gets so far: of an nth call only the first thread that makes one can be aimed at, within
 * guestkit's own run and within that of each program (shims trace it alone).
 */
export function callsOf(log: string, folder: string): readonly Call[] {
  const lines = log.split("\n").flatMap(parse);
  const victims = victimsOf(lines);
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  const found: Call[] = [];
  for (const { thread, call, rest, at } of lines.map((line, at) => ({ ...line, at }))) {
    if (!(CALLS as readonly string[]).includes(call)) continue;
    const victim = victims(thread, at);
    if (victim === null) continue;
    const nth = (counts.get(`${victim} ${thread} ${call}`) ?? 0) + 1;
    counts.set(`${victim} ${thread} ${call}`, nth);
    const key = `${victim} ${call} ${nth}`;
    const first = !taken.has(key);
    taken.add(key);
    if (first && rest.includes(folder)) found.push({ victim, call, nth });
  }
  return found;
}

function parse(text: string): readonly Line[] {
  const match = /^(\d+) +(?:<\.\.\. )?([a-z0-9_]+)(?:\(| resumed>)(.*)$/.exec(text);
  if (!match) return [];
  const [, thread = "", call = "", rest = ""] = match;
  // The end of a call that was counted where it began; a new thread's number stands only there.
  const isEnd = text.includes("<... ");
  if (isEnd && !(FOLLOWED as readonly string[]).includes(call)) return [];
  return [{ thread, call, rest }];
}

/** From which line on a thread belongs to a run; null while it is nobody's, undefined where its parent tells. */
interface Became {
  readonly from: number;
  readonly victim: string | null | undefined;
}

/** Whose a thread is at a line. A shim (in a folder `shims`) begins a run of its program, once it has become that. */
function victimsOf(lines: readonly Line[]): (thread: string, at: number) => string | null {
  const parents = new Map<string, string>();
  const became = new Map<string, Became[]>();
  const runs = new Map<string, number>();
  for (const [at, { thread, call, rest }] of lines.entries()) {
    const child = /^(clone3?|v?fork)$/.test(call) ? childIn(rest) : undefined;
    if (child !== undefined) parents.set(child, thread);
    const path = call === "execve" ? /^"([^"]*)"/.exec(rest)?.[1] : undefined;
    if (path === undefined) continue;
    if (!became.has(thread)) became.set(thread, []);
    become(became.get(thread) ?? [], at, path, runs);
  }
  const victim = (thread: string, at: number): string | null => {
    const parent = parents.get(thread);
    const own = became.get(thread)?.findLast(({ from }) => from < at);
    if (own && own.victim !== undefined) return own.victim;
    if (parent === undefined) return "guestkit";
    const above = victim(parent, at);
    // Another program than guestkit, but none that a shim stands for.
    return own && above === "guestkit" ? null : above;
  };
  return victim;
}

/** The new thread's number: within a namespace of its own it stands behind the one that it has there. */
const childIn = (rest: string): string | undefined => {
  const [, own, outside] = / = (\d+)(?: \/\* (\d+) in strace's PID NS \*\/)?$/.exec(rest) ?? [];
  return outside ?? own;
};

function become(states: Became[], at: number, path: string, runs: Map<string, number>): void {
  const last = states.at(-1);
  if (path.includes("/shims/")) {
    const name = basename(path);
    const run = (runs.get(name) ?? 0) + 1;
    runs.set(name, run);
    // Until it becomes the program, it is a shell of the bed's.
    states.push({ from: at, victim: null }, { from: Number.POSITIVE_INFINITY, victim: `${name}#${run}` });
  } else if (last?.from === Number.POSITIVE_INFINITY) states.splice(-1, 1, { ...last, from: at });
  else if (!last) states.push({ from: at, victim: undefined });
}
