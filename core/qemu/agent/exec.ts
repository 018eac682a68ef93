import { setTimeout as sleep } from "node:timers/promises";
import { GuestkitError } from "../../kit/errors.ts";
import type { AgentAnswer } from "./commands.ts";
import type { AgentExecute } from "./execute.ts";
import type { AgentOptions } from "./session.ts";

export interface ExecRequest {
  /** An absolute path, or a name that the agent's search path has. */
  readonly path: string;
  readonly args?: readonly string[];
  /** In place of the agent's own environment, all of it. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input, which is empty otherwise. */
  readonly input?: string | Uint8Array;
  /** Left out: it is. */
  readonly captureOutput?: boolean;
  /** Bytes kept of each output. */
  readonly maxOutput?: number;
  /** Milliseconds for all of it, without end where left out; then the process is killed. */
  readonly timeoutMs?: number;
  /** Kills the process. */
  readonly signal?: AbortSignal;
  /** Called each time that it was asked for and still ran, with the milliseconds since it was started. */
  readonly onPoll?: (elapsedMs: number) => void;
}

export interface ExecResult {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** An output was longer than the agent keeps (16 MiB), or than `maxOutput`. */
  readonly truncated: boolean;
}

const POLL = { first: 10, most: 250 };
/** For one question while it runs (ms). */
const ANSWER_MS = 30_000;
const KILL: AgentOptions = { timeoutMs: 5000 };
const ALL = 16 << 20;

/**
 * Runs a program in the guest to its end. The agent gives the outputs when it has ended, not before.
 * Throws `E_AGENT_EXEC_TIMEOUT`, the signal's reason, and whatever the agent's commands throw.
 */
export async function execInGuest(execute: AgentExecute, request: ExecRequest): Promise<ExecResult> {
  const { timeoutMs, signal } = request;
  const started = performance.now();
  const left = () => (timeoutMs === undefined ? ANSWER_MS : timeoutMs - (performance.now() - started));
  const options = () => ({ timeoutMs: Math.max(1, Math.min(ANSWER_MS, left())), ...(signal && { signal }) });
  const { pid } = await execute("guest-exec", commandLine(request), options());
  try {
    for (let pause = POLL.first; ; pause = Math.min(pause * 2, POLL.most)) {
      const status = await execute("guest-exec-status", { pid }, options());
      if (status.exited) return result(status, request.maxOutput ?? ALL);
      request.onPoll?.(performance.now() - started);
      if (left() <= 0) throw tookTooLong(request);
      await sleep(Math.min(pause, Math.max(1, left())), undefined, signal && { signal });
    }
  } catch (error) {
    await kill(execute, pid);
    signal?.throwIfAborted();
    throw timeoutMs !== undefined && left() <= 0 ? tookTooLong(request) : error;
  }
}

function commandLine({ path, args = [], env, input, captureOutput = true }: ExecRequest) {
  return {
    path,
    arg: args,
    "capture-output": captureOutput,
    ...(env && { env: Object.entries(env).map(([name, value]) => `${name}=${value}`) }),
    ...(input !== undefined && { "input-data": Buffer.from(input as Uint8Array).toString("base64") }),
  };
}

function result(status: AgentAnswer<"guest-exec-status">, most: number): ExecResult {
  const stdout = Buffer.from(status["out-data"] ?? "", "base64");
  const stderr = Buffer.from(status["err-data"] ?? "", "base64");
  const cut = status["out-truncated"] || status["err-truncated"] || stdout.length > most || stderr.length > most;
  return {
    exitCode: status.exitcode ?? null,
    signal: status.signal ?? null,
    stdout: stdout.subarray(0, most),
    stderr: stderr.subarray(0, most),
    truncated: cut ?? false,
  };
}

/** As well as it goes: the agent has no command for it. Asking for its status lets the agent forget it. */
async function kill(execute: AgentExecute, pid: number): Promise<void> {
  try {
    const killer = await execute("guest-exec", { path: "/bin/sh", arg: ["-c", `kill -KILL ${pid}`] }, KILL);
    await sleep(100);
    for (const each of [killer.pid, pid]) await execute("guest-exec-status", { pid: each }, KILL);
  } catch {
    // What made us kill it is what is told.
  }
}

function tookTooLong({ path, timeoutMs = 0 }: ExecRequest): GuestkitError {
  const message = `Cannot run "${path}" in the guest: it did not end within ${timeoutMs / 1000} s`;
  return new GuestkitError("E_AGENT_EXEC_TIMEOUT", message, { help: "Give it more time, or look at it by SSH." });
}
