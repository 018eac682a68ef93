import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { atSuddenEnd } from "../../kit/ending.ts";
import { endOnTime } from "./on-time.ts";
import { demandArguments, findTool, tied } from "./process.ts";
import { TailBuffer } from "./tail-buffer.ts";

/** What a program or a command in a guest prints, as it comes. */
export type OnOutput = (stream: "stdout" | "stderr", chunk: Uint8Array) => void;

export interface StreamOptions {
  /** Its standard input, which is empty otherwise. */
  readonly input?: string | Uint8Array | Readable | undefined;
  /** Standard input stays open behind `input` for as long as this process lives. */
  readonly hold?: boolean;
  readonly onOutput?: OnOutput | undefined;
  /** It gets this process's own terminal: no input, no output of its own. */
  readonly inherit?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, monotonic. */
  readonly timeoutMs?: number | undefined;
}

export interface StreamResult {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** All of it up to 16 MiB; its end alone where it was longer, or `onOutput` took it. */
  readonly stdout: string;
  readonly stderr: string;
}

const CAPTURE = 16 << 20;
const CAPTURE_STREAMED = 64 << 10;
/** How long a program may take to end after SIGTERM (ms). */
const GRACE = 2_000;

/**
 * Runs a program and hands on what it prints while it runs. It dies with this process. Throws `E_TOOL_MISSING` and, once
 * the program has ended, the signal's reason.
 */
export async function streamProgram(
  command: string,
  args: readonly string[],
  options: StreamOptions,
): Promise<StreamResult> {
  options.signal?.throwIfAborted();
  const child = start(command, args, options);
  const limit = options.onOutput ? CAPTURE_STREAMED : CAPTURE;
  const tails = { stdout: new TailBuffer(limit), stderr: new TailBuffer(limit) };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.on("data", (chunk: Uint8Array) => {
      tails[stream].push(chunk);
      options.onOutput?.(stream, chunk);
    });
  }
  if (child.stdin) feed(child.stdin, options);
  const send = (signal: NodeJS.Signals) => () => kill(child, options.inherit, signal);
  const watch = endOnTime(options, { ask: send("SIGTERM"), force: send("SIGKILL"), graceMs: GRACE });
  const forget = atSuddenEnd(send("SIGKILL"));
  try {
    const exitCode = await ended(child);
    options.signal?.throwIfAborted();
    return { exitCode, timedOut: watch.timedOut(), stdout: tails.stdout.text(), stderr: tails.stderr.text() };
  } finally {
    forget();
    watch.release();
  }
}

function start(command: string, args: readonly string[], { inherit }: StreamOptions): ChildProcess {
  demandArguments(command, args);
  const path = findTool(command);
  if (inherit) return spawn(path, args, { stdio: "inherit" });
  const env = { ...neutral(), LC_ALL: "C" };
  const [file = path, ...rest] = tied(path, args);
  // Its own session: a Ctrl-C reaches us alone.
  return spawn(file, rest, { stdio: ["pipe", "pipe", "pipe"], detached: true, env });
}

/** What OpenSSH's programs go by. A caller's environment may hold secrets, as `${env.NAME}` of a project. */
function neutral(): NodeJS.ProcessEnv {
  const kept = ["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "XDG_RUNTIME_DIR", "SSH_AUTH_SOCK"];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function feed(stdin: Writable, { input, hold }: StreamOptions): void {
  // It may end without having read everything.
  stdin.on("error", () => {});
  if (input === undefined || typeof input === "string" || input instanceof Uint8Array) {
    if (input !== undefined) stdin.write(input);
    if (!hold) stdin.end();
  } else {
    input.pipe(stdin);
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code));
  });
}

function kill({ pid, exitCode }: ChildProcess, inherit: boolean | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null) return;
  try {
    process.kill(inherit ? pid : -pid, signal);
  } catch {
    // It has just ended.
  }
}
