import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { GUESTKIT } from "./cli.ts";

/** A file or folder at the moment in which it was made. */
export interface Creation {
  readonly path: string;
  /** Permission bits, the umask of the process that made it taken off. */
  readonly mode: number;
  readonly isFolder: boolean;
}

/** Runs the command line under a umask, and tells of every file and folder that it and its programs made below `cwd`. */
export async function creationsOf(
  args: readonly string[],
  options: { readonly cwd: string; readonly umask: string; readonly env: Readonly<Record<string, string>> },
): Promise<readonly Creation[]> {
  const { cwd, umask, env } = options;
  const log = join(cwd, "..", `${umask}-${args[0]}.strace`);
  const traced = "trace=openat,open,creat,mkdir,mkdirat,umask,clone,clone3,fork,vfork,chdir";
  const program = [...GUESTKIT, ...args];
  const command = ["sh", "-c", 'umask "$1"; shift; exec "$@"', "sh", umask, ...program];
  const flags = ["-f", "-qq", "--pidns-translation", "-s", "4096", "-o", log, "-e", traced];
  await promisify(execFile)("strace", [...flags, "--", ...command], {
    cwd,
    env: { ...process.env, ...env },
    maxBuffer: 64 << 20,
  });
  return creationsIn(await readFile(log, "latin1"), cwd);
}

/** What another user may enter, read or write: of nobody's account within a folder that was made its owner's alone. */
export function openCreations(made: readonly Creation[]): readonly string[] {
  const closed = new Set<string>();
  const found: string[] = [];
  for (const { path, mode, isFolder } of made) {
    if (isFolder && (mode & 0o077) === 0) closed.add(path);
    else if ((mode & 0o077) !== 0 && !ancestors(path).some((each) => closed.has(each))) {
      found.push(`${mode.toString(8)} ${path}`);
    }
  }
  return found;
}

const ancestors = (path: string): string[] => (path === "/" ? [] : [dirname(path), ...ancestors(dirname(path))]);

interface Program {
  umask: number;
  cwd: string;
}

/** The files and folders that a log of strace -f tells of, below `cwd`. */
export function creationsIn(text: string, cwd: string): Creation[] {
  const programs = new Map<string, Program>();
  const found: Creation[] = [];
  for (const { pid, call, rest, result } of inOrderOfBirth(callsIn(joined(text)))) {
    const program = programs.get(pid) ?? { umask: 0o022, cwd };
    programs.set(pid, program);
    if (call === "umask") program.umask = Number.parseInt(rest, 8);
    else if (BIRTH.test(call)) programs.set(result, { ...program });
    else if (call === "chdir") program.cwd = resolve(program.cwd, nameIn(rest));
    else if (/^mkdir/.test(call) || /O_CREAT|^creat/.test(rest)) {
      const mode = Number.parseInt(/, 0?([0-7]+)\) /.exec(rest)?.[1] ?? "0", 8) & ~program.umask;
      const path = resolve(program.cwd, nameIn(rest));
      if (path.startsWith(`${cwd}/`)) found.push({ path, mode, isFolder: call.startsWith("mkdir") });
    }
  }
  return found;
}

interface Call {
  readonly pid: string;
  readonly call: string;
  /** Its arguments and what follows them. */
  readonly rest: string;
  readonly result: string;
}

const BIRTH = /^(?:clone3?|v?fork)$/;

/** The calls that did not fail. */
function* callsIn(lines: Iterable<string>): Generator<Call> {
  for (const line of lines) {
    const [, pid = "", call = "", rest = ""] = /^(\d+)\s+(\w+)\((.*)$/.exec(line) ?? [];
    const [, inner = "-1", outer] =
      / = (-?\w+)(?: \/\* (\d+) in strace's PID NS \*\/)?/.exec(rest.slice(rest.lastIndexOf(")"))) ?? [];
    const result = outer ?? inner;
    if (!result.startsWith("-")) yield { pid, call, rest, result };
  }
}

/** A child may be at work before its parent's call has returned, which alone tells whose child it is: its calls wait. */
function* inOrderOfBirth(calls: Iterable<Call>): Generator<Call> {
  const unborn = new Map<string, Call[]>();
  const born = new Set<string>();
  function* tell(call: Call): Generator<Call> {
    yield call;
    if (!BIRTH.test(call.call)) return;
    born.add(call.result);
    const early = unborn.get(call.result) ?? [];
    unborn.delete(call.result);
    for (const each of early) yield* tell(each);
  }
  for (const call of calls) {
    if (born.size === 0) born.add(call.pid);
    if (born.has(call.pid)) yield* tell(call);
    else unborn.set(call.pid, [...(unborn.get(call.pid) ?? []), call]);
  }
  if (unborn.size > 0) throw new Error(`strace tells nobody who made the processes ${[...unborn.keys()]}`);
}

const nameIn = (rest: string) => /"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? "";

/** Calls that another process interrupted stand in two lines. */
function* joined(text: string): Generator<string> {
  const begun = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, pid = "", rest = ""] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (rest.endsWith(" <unfinished ...>")) begun.set(pid, rest.slice(0, -" <unfinished ...>".length));
    else if (rest.startsWith("<... ")) {
      yield `${pid} ${begun.get(pid) ?? ""}${rest.replace(/^<\.\.\. \w+ resumed>/, "")}`;
    } else yield line;
  }
}
