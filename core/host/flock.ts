import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter } from "node:path";
import { setImmediate } from "node:timers/promises";
import { GuestkitError } from "../kit/errors.ts";

export interface FlockOptions {
  readonly signal: AbortSignal;
  /** How long it is waited for, ms; 0 only tries. */
  readonly patience: number;
  /** Beside others who look as well, for a look. */
  readonly shared?: boolean;
}

/** What flock(1) is to exit with where somebody else has the lock: no code of its own. */
const BUSY = 9;
/** Where it lies where PATH does not say. */
const TOOLS = ["/usr/bin", "/bin"];

/**
 * Takes the kernel's lock on an open file (flock(2)): it belongs to the open file description and is gone with its last
 * descriptor, whatever ends the process. Node cannot ask for it, a short child can: what it locks on the descriptor that it
 * inherits stays locked when it ends. Those that are asked for together share a child, which waits for none of them.
 * "none" where the file system has no such locks. Throws `E_TOOL_MISSING`, and `E_LOCK_UNKNOWN` where the child was killed:
 * nobody knows then who has the lock.
 */
export async function flock(fd: number, options: FlockOptions): Promise<"held" | "busy" | "none"> {
  const { signal, patience, shared = false } = options;
  signal.throwIfAborted();
  const wanted: Wanted = { fd, mode: shared ? "-s" : "-x" };
  const tried = outcomeOf(await tryTogether(wanted));
  signal.throwIfAborted();
  if (tried !== "busy" || patience === 0) return tried;
  return outcomeOf(await alone(wanted, ["-w", (patience / 1000).toFixed(3)], signal));
}

/** A lock that is asked for. */
interface Wanted {
  readonly fd: number;
  readonly mode: "-s" | "-x";
}

interface Asked extends Wanted {
  answer(code: Promise<number | null>): void;
}

/** The first descriptor that a child inherits beside its inputs and outputs. */
const FIRST = 3;
/** Most locks of one child. */
const TOGETHER = 32;

const asked: Asked[] = [];
let isTrying = false;

/** The exit code of flock(1) for a lock that is not waited for. */
function tryTogether(wanted: Wanted): Promise<number | null> {
  return new Promise((answer) => {
    asked.push({ ...wanted, answer });
    if (!isTrying) void tryAsked();
  });
}

/** One child at a time: those who ask while it runs are the next one's. */
async function tryAsked(): Promise<void> {
  isTrying = true;
  await setImmediate();
  for (let batch = asked.splice(0, TOGETHER); batch.length > 0; batch = asked.splice(0, TOGETHER)) {
    const codes = tryAll(batch);
    for (const [at, { answer }] of batch.entries()) answer(codes.then((all) => all[at] ?? null));
    await codes.catch(() => {});
  }
  isTrying = false;
}

async function tryAll(batch: readonly Wanted[]): Promise<readonly (number | null)[]> {
  const [only] = batch;
  if (batch.length === 1 && only) return [await alone(only, AT_ONCE)];
  const lines = batch.map((each, at) => `flock ${argumentsOf(each, AT_ONCE, FIRST + at).join(" ")}; echo $?`);
  const fds = batch.map(({ fd }) => fd);
  const { output } = await start("/bin/sh", ["-c", lines.join("\n")], fds);
  const codes = output.split("\n").filter((line) => line !== "");
  // A shell that was killed has not answered for all.
  return await Promise.all(batch.map((each, at) => (at in codes ? Number(codes[at]) : alone(each, AT_ONCE))));
}

const AT_ONCE = ["-n"];

async function alone(wanted: Wanted, wait: readonly string[], signal?: AbortSignal): Promise<number | null> {
  return (await start("flock", argumentsOf(wanted, wait, FIRST), [wanted.fd], signal)).code;
}

function argumentsOf({ mode }: Wanted, wait: readonly string[], fd: number): string[] {
  return [mode, "-E", String(BUSY), ...wait, String(fd)];
}

interface Ended {
  /** Null where it was killed. */
  readonly code: number | null;
  readonly output: string;
}

/** A child that inherits open files as descriptors 3, 4, ... Throws `E_TOOL_MISSING`, and the reason of `signal`. */
async function start(
  command: string,
  args: readonly string[],
  fds: readonly number[],
  signal?: AbortSignal,
): Promise<Ended> {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "ignore", ...fds],
    env: { PATH: searchPath() },
    // A Ctrl-C is ours to answer; `signal` ends it.
    detached: true,
    ...(signal && { signal }),
    killSignal: "SIGKILL",
  });
  let output = "";
  child.stdout?.on("data", (piece: Buffer) => {
    output += piece.toString("latin1");
  });
  const [code] = (await once(child, "close").catch((cause: NodeJS.ErrnoException) => {
    signal?.throwIfAborted();
    throw cause.code === "ENOENT" ? missing() : cause;
  })) as [number | null];
  return { code, output };
}

/** A shell adds the number of the signal that ended a program to this. */
const SIGNALLED = 128;
/** What a shell exits with where it does not find a program. */
const NOT_FOUND = 127;

function outcomeOf(code: number | null): "held" | "busy" | "none" {
  if (code === NOT_FOUND) throw missing();
  if (code === null || code > SIGNALLED) throw killed();
  if (code === 0) return "held";
  return code === BUSY ? "busy" : "none";
}

/** An empty entry would be the working folder, in which anybody may have laid a program of that name. */
function searchPath(): string {
  const own = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...own, ...TOOLS].join(delimiter);
}

const killed = () =>
  new GuestkitError("E_LOCK_UNKNOWN", "Cannot take a lock: flock was killed before it answered", {
    help: "Run again; where it happens again, see who kills it (dmesg: out of memory?).",
  });

const missing = () =>
  new GuestkitError("E_TOOL_MISSING", "Cannot run flock: it is not installed", {
    help: "Install it: sudo apt-get install util-linux",
  });
