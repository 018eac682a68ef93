import type { JsonSocket } from "../wire/json-socket.ts";
import { isObject, type JsonItem, type JsonObject } from "../wire/json-stream.ts";
import { type Waiter, waiter } from "../wire/waiter.ts";
import type { QemuVersion, QmpAnswer, QmpArguments, QmpCommand } from "./commands/index.ts";
import { closed, late, noQmp, QmpCommandError } from "./error.ts";
import { EventHub, type EventWait, type QmpListener } from "./event-hub.ts";
import type { QmpEvent, QmpEventName, QmpEventOf } from "./events.ts";

export interface ExecuteOptions {
  /** Milliseconds until `E_QMP_TIMEOUT`; a late answer is dropped. */
  readonly timeoutMs?: number;
  /** Ends the wait; QEMU goes on with the command. */
  readonly signal?: AbortSignal;
}

/** Commands without a needed argument may leave them out. */
type ExecuteRest<A> =
  Readonly<Record<string, never>> extends A
    ? [given?: A, options?: ExecuteOptions]
    : [given: A, options?: ExecuteOptions];

/** A connection to the monitor of one QEMU. QEMU talks to one client at a time: keep it short, and dispose of it. */
export interface Qmp extends AsyncDisposable {
  readonly path: string;
  readonly version: QemuVersion;
  /** Settles when the connection has ended, by either side. */
  readonly closed: Promise<void>;
  /**
   * Runs a command. Throws `E_QMP_COMMAND` (a `QmpCommandError`), `E_QMP_TIMEOUT`, `E_QMP_CLOSED`, the signal's reason.
   * QEMU may end before it has answered `quit`: that counts as done.
   */
  execute<C extends QmpCommand>(command: C, ...rest: ExecuteRest<QmpArguments<C>>): Promise<QmpAnswer<C>>;
  /** Calls back for each event; call what it gives to stop that. */
  onEvent(listener: QmpListener): () => void;
  /** The events from now on; it ends with the connection. */
  events(signal?: AbortSignal): AsyncIterableIterator<QmpEvent>;
  /**
   * The next event of a name. Call it before the command that brings the event about, and await it after.
   * Throws `E_QMP_TIMEOUT`, `E_QMP_CLOSED`, the signal's reason; one that nobody awaits ends quietly.
   */
  waitForEvent<E extends QmpEventName>(name: E, options?: EventWait<E>): Promise<QmpEventOf<E>>;
  close(): void;
}

/** Long: a guest under TCG on a busy host keeps QEMU's main loop waiting. */
const COMMAND_MS = 60_000;

interface Pending {
  readonly command: string;
  readonly wait: Waiter<unknown>;
}

/** The protocol over a socket that is handed to it once connected. */
export class QmpClient implements Qmp {
  readonly path: string;
  readonly closed: Promise<void>;
  version: QemuVersion = { qemu: { major: 0, minor: 0, micro: 0 }, package: "" };
  readonly #hub: EventHub;
  readonly #pending = new Map<number, Pending>();
  readonly #greeting: Waiter<QemuVersion>;
  readonly #endClosed: () => void;
  #socket: JsonSocket | undefined;
  #nextId = 1;
  #ended = false;
  /** Why we ended it ourselves. */
  #fault: Error | undefined;

  /** @param greeting takes the version that QEMU greets with */
  constructor(path: string, greeting: Waiter<QemuVersion>) {
    this.path = path;
    this.#greeting = greeting;
    this.#hub = new EventHub(path);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.#endClosed = resolve;
  }

  attach(socket: JsonSocket): void {
    this.#socket = socket;
  }

  async execute<C extends QmpCommand>(command: C, ...rest: ExecuteRest<QmpArguments<C>>): Promise<QmpAnswer<C>> {
    const [given, options = {}] = rest;
    return (await this.send(command, given, options)) as QmpAnswer<C>;
  }

  /** The same for any command; `qmp_capabilities` is no business of users'. */
  async send(command: string, given: unknown, { timeoutMs = COMMAND_MS, signal }: ExecuteOptions): Promise<unknown> {
    signal?.throwIfAborted();
    const doing = `run ${command}`;
    if (this.#ended) throw closed(this.path, doing);
    const id = this.#nextId++;
    const onEnd = () => this.#pending.delete(id);
    const wait = waiter<unknown>({ timeoutMs, signal, onEnd }, () => late(this.path, doing, timeoutMs));
    this.#pending.set(id, { command, wait });
    this.#socket?.send({ execute: command, ...(given !== undefined && { arguments: given }), id });
    return await wait.promise;
  }

  onEvent(listener: QmpListener): () => void {
    return this.#hub.on(listener);
  }

  events(signal?: AbortSignal): AsyncIterableIterator<QmpEvent> {
    return this.#hub.iterate(signal);
  }

  waitForEvent<E extends QmpEventName>(name: E, options: EventWait<E> = {}): Promise<QmpEventOf<E>> {
    return this.#hub.waitFor(name, options);
  }

  close(): void {
    this.#socket?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.closed;
  }

  receive(item: JsonItem): void {
    if (item.kind === "message") this.#take(item.value);
    else this.#fail(item.kind === "garbage" ? `no JSON: ${item.text}` : "a line without end");
  }

  /** The connection has ended. */
  end(): void {
    this.#ended = true;
    for (const { command, wait } of [...this.#pending.values()]) {
      if (command === "quit" && !this.#fault) wait.resolve({});
      else wait.reject(this.#fault ?? closed(this.path, `run ${command}`));
    }
    this.#greeting.reject(this.#fault ?? closed(this.path, "connect to QEMU"));
    this.#hub.end();
    this.#endClosed();
  }

  #take(message: JsonObject): void {
    if (typeof message.event === "string") this.#hub.emit(message);
    else if (isObject(message.QMP)) this.#greet(message.QMP.version);
    else if ("return" in message || "error" in message) this.#answer(message);
    else this.#fail(`what is no QMP: ${JSON.stringify(message).slice(0, 200)}`);
  }

  #greet(version: unknown): void {
    this.version = version as QemuVersion;
    this.#greeting.resolve(this.version);
  }

  /** An answer whose wait is over is dropped; one without an id is QEMU's word on what it could not parse. */
  #answer(message: JsonObject): void {
    const pending = this.#pending.get(Number(message.id));
    if (message.id === undefined) this.#fail(`an error: ${JSON.stringify(message.error)}`);
    else if ("error" in message) pending?.wait.reject(new QmpCommandError(pending.command, message.error));
    else pending?.wait.resolve(message.return);
  }

  #fail(what: string): void {
    this.#fault ??= noQmp(this.path, what);
    this.close();
  }
}
