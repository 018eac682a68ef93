import { randomInt } from "node:crypto";
import { GuestkitError } from "../../kit/errors.ts";
import type { JsonSocket } from "../wire/json-socket.ts";
import type { JsonItem } from "../wire/json-stream.ts";
import { type Waiter, waiter } from "../wire/waiter.ts";
import { answerLimit } from "./answer.ts";
import { AgentCommandError, closed, garbage, late, oversize, silent } from "./error.ts";
import { Turns } from "./turns.ts";

export interface AgentOptions {
  /** Milliseconds, waiting for its turn and for the agent included. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

interface Expected {
  readonly wait: Waiter<unknown>;
  readonly doing: string;
  readonly command: string;
  /** Of a guest-sync-delimited. */
  readonly syncId?: number;
}

/** Long: under TCG on a busy host a guest takes its time. */
const COMMAND_MS = 30_000;
const FLUSH = new Uint8Array([0xff]);
/** A sync is sent anew in case the guest has thrown it away while it booted; ever more seldom (ms). */
const RESEND = { first: 500, most: 5000 };
/** How long a command that answers only when it fails is listened to (ms). */
const SILENCE_MS = 1500;

/**
 * The agent's protocol: answers carry no id, so that commands go one at a time, and after one that was given up the
 * stream is synchronised before the next. The answer to guest-sync-delimited has a byte 0xFF before it: what stands
 * before it is older, and one that was answered late is never taken for a command's answer.
 */
export class AgentSession {
  readonly path: string;
  readonly closed: Promise<void>;
  readonly #endClosed: () => void;
  readonly #turns = new Turns();
  #socket: JsonSocket | undefined;
  #expected: Expected | undefined;
  #synchronised = false;
  #ended = false;

  constructor(path: string) {
    this.path = path;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.#endClosed = resolve;
  }

  /** Bytes that the answer which is waited for may have. */
  get answerLimit(): number {
    return answerLimit(this.#expected?.command);
  }

  attach(socket: JsonSocket): void {
    this.#socket = socket;
  }

  /** Throws `E_AGENT_COMMAND`, `E_AGENT_SILENT`, `E_AGENT_TIMEOUT`, `E_AGENT_CLOSED`, the signal's reason. */
  async send(command: string, given: unknown, options: AgentOptions): Promise<unknown> {
    return await this.#inTurn(command, options, (remaining) => this.#ask(command, given, remaining(), options));
  }

  /** Sends a command that answers only when it fails, to an agent that has just been heard. */
  async sendSilent(command: string, given: unknown, options: AgentOptions): Promise<void> {
    await this.#inTurn(command, options, async () => {
      this.#synchronised = false;
      await this.#synchronise(options.timeoutMs ?? COMMAND_MS, options.signal);
      try {
        await this.#ask(command, given, SILENCE_MS, options);
      } catch (error) {
        const isQuiet = error instanceof GuestkitError && ["E_AGENT_TIMEOUT", "E_AGENT_CLOSED"].includes(error.code);
        if (!isQuiet) throw error;
      }
    });
  }

  /** Waits until the agent is heard. Throws `E_AGENT_SILENT`. */
  async hear(options: AgentOptions): Promise<void> {
    await this.#inTurn("guest-sync-delimited", options, async () => {});
  }

  receive(item: JsonItem): void {
    const expected = this.#expected;
    if (!expected) return;
    const { wait, doing, command, syncId } = expected;
    if (item.kind === "message" && item.delimited) {
      if (syncId !== undefined && item.value.return === syncId) wait.resolve(undefined);
    } else if (syncId !== undefined) {
      // Whatever was said before it was heard is no answer to anybody.
    } else if (item.kind === "oversize") wait.reject(oversize(doing));
    else if (item.kind === "garbage") wait.reject(garbage(doing, item.text));
    else if ("error" in item.value) wait.reject(new AgentCommandError(command, item.value.error));
    else if ("return" in item.value) wait.resolve(item.value.return);
  }

  /** The connection has ended. */
  end(): void {
    this.#ended = true;
    this.#expected?.wait.reject(closed(this.path, this.#expected.doing));
    this.#endClosed();
  }

  close(): void {
    this.#socket?.close();
  }

  async #inTurn<T>(
    command: string,
    { timeoutMs = COMMAND_MS, signal }: AgentOptions,
    work: (remaining: () => number) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const end = performance.now() + timeoutMs;
    const remaining = () => Math.max(1, end - performance.now());
    const release = await this.#turns.take({ timeoutMs, signal }, () => late(this.path, `run ${command}`, timeoutMs));
    try {
      if (!this.#synchronised) await this.#synchronise(remaining(), signal);
      return await work(remaining);
    } finally {
      release();
    }
  }

  /** One that was refused was answered: only other failures leave an answer to come. */
  async #ask(command: string, given: unknown, timeoutMs: number, { signal }: AgentOptions): Promise<unknown> {
    try {
      const message = { execute: command, ...(given !== undefined && { arguments: given }) };
      return await this.#exchange(message, { command, timeoutMs, signal });
    } catch (error) {
      if (!(error instanceof AgentCommandError)) this.#synchronised = false;
      throw error;
    }
  }

  /** Only the newest sync counts: QEMU's agent answers the byte 0xFF itself with an error. */
  async #synchronise(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    const end = performance.now() + timeoutMs;
    for (let patience = RESEND.first; ; patience = Math.min(patience * 2, RESEND.most)) {
      const left = end - performance.now();
      if (left <= 0) throw silent(this.path, timeoutMs);
      const syncId = randomInt(1, 2 ** 31);
      const message = { execute: "guest-sync-delimited", arguments: { id: syncId } };
      try {
        const limit = Math.min(patience, left);
        await this.#exchange(message, { command: "guest-sync-delimited", syncId, timeoutMs: limit, signal });
        this.#synchronised = true;
        return;
      } catch (error) {
        if (!(error instanceof GuestkitError && error.code === "E_AGENT_TIMEOUT")) throw error;
      }
    }
  }

  async #exchange(
    message: Readonly<Record<string, unknown>>,
    expected: { command: string; syncId?: number; timeoutMs: number; signal: AbortSignal | undefined },
  ): Promise<unknown> {
    const { command, timeoutMs, signal } = expected;
    const doing = `run ${command}`;
    signal?.throwIfAborted();
    if (this.#ended) throw closed(this.path, doing);
    const onEnd = () => {
      this.#expected = undefined;
    };
    const wait = waiter<unknown>({ timeoutMs, signal, onEnd }, () => late(this.path, doing, timeoutMs));
    this.#expected = { wait, doing, command, ...(expected.syncId !== undefined && { syncId: expected.syncId }) };
    this.#socket?.send(message, expected.syncId === undefined ? undefined : FLUSH);
    return await wait.promise;
  }
}
