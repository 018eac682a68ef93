import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { atSuddenEnd } from "../../kit/ending.ts";
import { GuestkitError, systemError } from "../../kit/errors.ts";
import { LineCutter } from "../../kit/lines.ts";
import { log } from "../../kit/log.ts";
import { excerpt, printable } from "../../kit/name.ts";
import { printedLimit } from "../../kit/system-error.ts";
import { packageOf } from "./tools.ts";

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Written to its standard input, which is empty otherwise. */
  readonly input?: string | Uint8Array;
  /** Set beside this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of this process's own environment, what it does not get. */
  readonly unset?: readonly string[];
  /** Open files that it is handed as descriptors 3, 4, ...: `/dev/fd/3` is that very file, whatever its name is now. */
  readonly files?: readonly number[];
  /** What it makes is for this user alone, whatever the umask is. */
  readonly private?: boolean;
  /** How its outputs are decoded: latin1 keeps every byte. UTF-8 where left out. */
  readonly encoding?: "latin1";
  readonly cwd?: string;
  /** Every line of both outputs as it comes; `\r` ends a line too (progress). */
  readonly onLine?: (line: string) => void;
  /** Exit codes that are no failure; 0 alone where left out. */
  readonly accept?: readonly number[];
  /** What to say that could not be done: `Cannot <doing>: ...`. */
  readonly doing?: string;
  /** Lives on when this process is killed: for a short step that must not stop half way. */
  readonly outlive?: boolean;
  /** Milliseconds that it has to end by itself when `signal` aborts; 0 for what has nothing to tidy up. */
  readonly grace?: number;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

const TAIL_LINES = 20;
/** Bytes of a line that is watched; longer ones tell of no progress. */
const LONGEST_LINE = 64 << 10;
const GRACE_MS = 2000;

/**
 * Runs a program to its end. It dies with this process, and as a group when `signal` aborts.
 * Throws `E_TOOL_MISSING`, `E_TOOL_FAILED` (with the end of what it printed), the code of the host's limit that it met
 * (`E_SYSTEM_ENOSPC`), and the signal's reason.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { signal, accept = [0] } = options;
  signal?.throwIfAborted();
  demandArguments(command, args);
  const result = await execute(findTool(command), args, options);
  signal?.throwIfAborted();
  log("debug", "ran", { command, args, exitCode: result.exitCode });
  if (result.signal === undefined && accept.includes(result.exitCode)) return result;
  throw failed(command, args, result, options.doing);
}

export interface StreamOptions extends Pick<RunOptions, "signal" | "doing"> {
  /** Its standard input: an open file, or pieces as they come. It may end without having read all of them. */
  readonly input: number | AsyncIterable<Uint8Array>;
}

/**
 * Runs a program whose output is taken as it comes; it is ended where `take` throws, whose error goes before its own.
 * Throws what `run` throws.
 */
export async function runStreaming(
  command: string,
  args: readonly string[],
  { input, doing, ...options }: StreamOptions,
  take: (output: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const [file, ...rest] = tied(findTool(command), args);
  const buffer = { stdout: false, stderr: true } as const;
  // execa's types know descriptors up to 9 alone.
  const stdio = [typeof input === "number" ? (input as 3) : "pipe", "pipe", "pipe"] as const;
  const env = { LC_ALL: "C", PATH: searchPath().join(delimiter) };
  const { execa } = await import("execa");
  const child = execa(file as string, rest, { reject: false, detached: true, env, buffer, stdio, maxBuffer: 1 << 20 });
  const { pid } = child;
  const end = () => pid !== undefined && killGroup(pid, "SIGKILL");
  const fed = typeof input === "number" ? null : feed(input, child.stdin as Writable, end);
  const [release, forget] = [killOnAbort(pid, { ...options, grace: 0 }), atSuddenEnd(() => void end())];
  try {
    await take(child.stdout as AsyncIterable<Buffer>);
    // What nobody takes any more must not keep it waiting.
    child.stdout.destroy();
    await fed?.then((error) => error && Promise.reject(error));
    const { stderr, exitCode = -1, signal, cause } = await child;
    options.signal?.throwIfAborted();
    if (exitCode === -1 && signal === undefined) throw systemError(cause, file) ?? cause;
    if (exitCode !== 0) throw failed(command, args, { stdout: "", stderr: String(stderr), exitCode, signal }, doing);
  } finally {
    end();
    await child;
    release();
    forget();
  }
}

/** Pieces into a program that may close its end early; gives what reading them threw, which ends the program. */
async function feed(pieces: AsyncIterable<Uint8Array>, stdin: Writable, end: () => unknown): Promise<unknown> {
  let fault: unknown = null;
  const watched = async function* () {
    try {
      yield* pieces;
    } catch (error) {
      fault = error;
      throw error;
    }
  };
  await pipeline(watched, stdin).catch(() => {});
  if (fault !== null) end();
  return fault;
}

/** No argument can have a NUL: the program would see its start alone. Throws `E_TOOL_ARGUMENT`. */
export function demandArguments(command: string, args: readonly string[]): void {
  const bad = args.find((each) => each.includes("\0"));
  if (bad === undefined) return;
  const message = `Cannot run ${command}: an argument has a NUL ("${printable(excerpt(bad))}")`;
  throw new GuestkitError("E_TOOL_ARGUMENT", message, { help: "Write it without." });
}

/**
 * The path of a program; the folders of administrators' tools are searched as well, which an ordinary user's PATH lacks.
 * Throws `E_TOOL_MISSING`.
 */
export function findTool(command: string): string {
  const found = whereIs(command);
  if (found) return found;
  const debian = packageOf(command);
  throw new GuestkitError("E_TOOL_MISSING", `Cannot run ${command}: it is not installed`, {
    help: debian ? `Install it: sudo apt-get install ${debian}` : `Install ${command} and put it on PATH.`,
  });
}

/** The same, null where it is missing. */
export function whereIs(command: string): string | null {
  if (command.includes("/")) return isExecutable(command) ? command : null;
  return (
    searchPath()
      .map((folder) => join(folder, command))
      .find(isExecutable) ?? null
  );
}

function searchPath(): string[] {
  const own = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...own, "/usr/sbin", "/sbin", "/usr/bin", "/bin"];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

interface Outcome extends RunResult {
  readonly signal: string | undefined;
}

async function execute(path: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  const [file, ...rest] = options.outlive ? [path, ...args] : tied(path, args, options.private);
  const { execa } = await import("execa");
  const child = execa(file as string, rest, {
    reject: false,
    cleanup: !options.outlive,
    // Its own session: a Ctrl-C reaches us alone, and the group can be killed whole.
    detached: true,
    env: {
      ...Object.fromEntries((options.unset ?? []).map((name) => [name, undefined])),
      ...{ LC_ALL: "C", PATH: searchPath().join(delimiter), ...options.env },
    },
    ...(options.encoding && { encoding: options.encoding }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.input === undefined ? {} : { input: options.input }),
    // execa's types know descriptors up to 9 alone.
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe", ...((options.files ?? []) as 3[])],
    stripFinalNewline: false,
    maxBuffer: 64 << 20,
  });
  if (options.onLine) watchLines([child.stdout, child.stderr], options.onLine);
  const release = options.outlive ? () => {} : killOnAbort(child.pid, options);
  const { pid } = child;
  // It dies with us, but what it started does not.
  const forget = options.outlive || pid === undefined ? () => {} : atSuddenEnd(() => killGroup(pid, "SIGKILL"));
  try {
    const { stdout, stderr, exitCode, signal, cause } = await child;
    if (exitCode === undefined && signal === undefined) throw systemError(cause, path) ?? cause;
    return { stdout: String(stdout), stderr: String(stderr), exitCode: exitCode ?? -1, signal };
  } finally {
    release();
    forget();
  }
}

/**
 * The command that makes a program die with this process. The shell in between sees whether we died before setpriv had
 * asked for that: then its parent is another one already.
 */
export function tied(path: string, args: readonly string[], isPrivate = false): string[] {
  const check = `${isPrivate ? "umask 077; " : ""}[ "$PPID" = ${process.pid} ] || exit 137; exec "$@"`;
  return [findTool("setpriv"), "--pdeathsig", "KILL", "--", "/bin/sh", "-c", check, "sh", path, ...args];
}

function killOnAbort(pid: number | undefined, { signal, grace = GRACE_MS }: RunOptions): () => void {
  if (!signal || pid === undefined) return () => {};
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    killGroup(pid, grace > 0 ? "SIGTERM" : "SIGKILL");
    if (grace > 0) timer = setTimeout(() => killGroup(pid, "SIGKILL"), grace);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  return () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    // Whatever it left behind in its group.
    if (signal.aborted) killGroup(pid, "SIGKILL");
  };
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}

function watchLines(streams: readonly (NodeJS.ReadableStream | null)[], onLine: (line: string) => void): void {
  for (const stream of streams) {
    const cutter = new LineCutter(
      (line) => {
        if (line && line.length > 0) onLine(new TextDecoder().decode(line));
      },
      { most: LONGEST_LINE, progress: true },
    );
    stream?.on("data", (chunk: Uint8Array | string) => cutter.push(Buffer.from(chunk)));
    stream?.on("end", () => cutter.end());
  }
}

function failed(command: string, args: readonly string[], result: Outcome, doing?: string): GuestkitError {
  const how = result.signal ? `was killed by ${result.signal}` : `failed with exit code ${result.exitCode}`;
  const tail = tailOf(result.stderr) || tailOf(result.stdout);
  const message = `Cannot ${doing ?? `run ${command}`}: ${command} ${how}${tail && `: ${tail}`}`;
  const { code = "E_TOOL_FAILED", help } = printedLimit(tail, /"(\/[^"]*)"/.exec(doing ?? "")?.[1]) ?? {};
  return new GuestkitError(code, message, { help, cause: new Error(`${command} ${args.join(" ")}`) });
}

function tailOf(text: string): string {
  return text.trim().split("\n").slice(-TAIL_LINES).join("\n");
}
