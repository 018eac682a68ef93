import { ApplyError, type EngineFace } from "../engine/index.ts";
import type { Progress } from "../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import { log } from "../kit/log.ts";
import { excerpt } from "../kit/name.ts";
import { Asked } from "./asked.ts";
import { encode } from "./codec.ts";
import { filesFor } from "./files/for-request.ts";
import { initialize, type OpenFar } from "./initialize.ts";
import { type Call, methods, notifications, RefusedError } from "./methods.ts";
import {
  CODES,
  failure,
  isRequest,
  ProtocolError,
  parseMessage,
  type Request,
  type RequestId,
  type Response,
} from "./protocol.ts";

/** Least time between two progress notifications of one request and phase (ms). */
const INTERVAL = 100;

/** What goes on without a client, where it wishes so. */
const LASTING: readonly string[] = ["apply", "import"];

interface Running {
  readonly controller: AbortController;
  readonly lasts: boolean;
}

/** One conversation: requests run side by side, each can be cancelled by its id. */
export class RpcServer {
  readonly #send: (message: object) => void;
  readonly #running = new Map<RequestId, Running>();
  readonly #work = new Set<Promise<void>>();
  readonly #asked: Asked;
  readonly #openFar: OpenFar | undefined;
  #engine: EngineFace | undefined;
  /** What comes meanwhile waits for it. */
  #opening: Promise<unknown> | undefined;
  #isDetached = false;
  #isApart = false;

  /** @param openFar opens the engine of another host for a client that names one */
  constructor(send: (message: object) => void, openFar?: OpenFar) {
    this.#send = send;
    this.#openFar = openFar;
    this.#asked = new Asked(send, (count) => `s${count}`);
  }

  /** Whether the client wishes that what it began is carried out without it. */
  get isDetached(): boolean {
    return this.#isDetached;
  }

  /** Takes one line, null for one that was too long; its answer comes through `send`. */
  receive(line: Uint8Array | string | null): void {
    if (line?.length === 0) return;
    const work = this.#handle(line).finally(() => this.#work.delete(work));
    this.#work.add(work);
  }

  /** Resolves when everything received has been answered. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  /** Stops whatever runs; each request answers with `E_INTERRUPTED`. */
  abort(): void {
    for (const { controller } of this.#running.values()) controller.abort();
    this.#asked.lose(gone());
  }

  /** The client is gone: what changes things goes on where it was told to, and tells nobody. */
  abandon(): void {
    this.#asked.lose(gone());
    for (const { controller, lasts } of this.#running.values()) if (!lasts || !this.#isDetached) controller.abort();
  }

  async #handle(line: Uint8Array | string | null): Promise<void> {
    try {
      const message = parseMessage(line);
      if (message === null) return;
      if (!isRequest(message)) return this.#asked.take(message);
      if (message.id === undefined) return this.#notified(message);
      this.#demandFresh(message.id);
      this.#send(await this.#answer(message, message.id));
    } catch (error) {
      this.#send(failure(error instanceof ProtocolError ? error.id : null, error));
    }
  }

  /** Two answers with one id could not be told apart. */
  #demandFresh(id: RequestId): void {
    if (!this.#running.has(id)) return;
    const message = `Cannot take the request ${JSON.stringify(id)}: one with this id still runs`;
    throw new ProtocolError(CODES.request, "E_RPC_ID", message, "Give each request an id of its own.");
  }

  /** One that makes no sense is passed over. */
  #notified({ method, params }: Request): void {
    const { id } = params;
    if (method === "cancel" && (typeof id === "string" || typeof id === "number"))
      this.#running.get(id)?.controller.abort();
    const take = Object.hasOwn(notifications, method) ? notifications[method] : undefined;
    try {
      if (this.#engine) take?.(params, this.#engine);
    } catch (error) {
      log("debug", "passed over a notification", { method: excerpt(method), error: asGuestkitError(error).message });
    }
  }

  async #answer(request: Request, id: RequestId): Promise<Response> {
    const controller = new AbortController();
    this.#running.set(id, { controller, lasts: LASTING.includes(request.method) });
    try {
      const result = await this.#dispatch(request, id, controller.signal);
      return { jsonrpc: "2.0", id, result: encode(result) };
    } catch (error) {
      return failure(id, controller.signal.aborted ? interrupted(error) : error, extraOf(error));
    } finally {
      this.#running.delete(id);
    }
  }

  async #dispatch({ method, params }: Request, id: RequestId, signal: AbortSignal): Promise<unknown> {
    if (method === "initialize") return this.#initialize(params, signal);
    if (this.#opening) await this.#opening.catch(() => {});
    const call = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (!call) {
      const known = ["initialize", ...Object.keys(methods)].join(", ");
      throw new ProtocolError(
        CODES.method,
        "E_RPC_METHOD",
        `Cannot call "${excerpt(method)}": no such method`,
        `Known: ${known}`,
      );
    }
    if (!this.#engine) {
      throw new ProtocolError(
        CODES.request,
        "E_RPC_INITIALIZE",
        `Cannot call "${excerpt(method)}": initialize comes first`,
      );
    }
    const ask: Call["ask"] = (name, asked) => this.#asked.ask(name, { ...asked, request: id }).answer;
    const way = { signal, progress: this.#reporter(id), ask };
    const files = this.#isApart && filesFor(params, this.#engine, way);
    return call(params, { engine: this.#engine, ...way, ...(files && { files }) });
  }

  async #initialize(params: Request["params"], signal: AbortSignal): Promise<object> {
    const opened = initialize(params, { openFar: this.#openFar, signal });
    // Of its own machine at once: what comes behind it in one piece finds the engine.
    if (opened instanceof Promise) this.#opening = opened;
    const { engine, isDetached, isApart, answer } = opened instanceof Promise ? await opened : opened;
    this.#engine = engine;
    this.#isApart = isApart;
    this.#isDetached = isDetached;
    return answer;
  }

  /** Progress of one request, thinned out. */
  #reporter(id: RequestId): (event: Progress) => void {
    let last = { phase: "", at: Number.NEGATIVE_INFINITY };
    return (event) => {
      const now = performance.now();
      if (event.phase === last.phase && now - last.at < INTERVAL) return;
      last = { phase: event.phase, at: now };
      this.#send({ jsonrpc: "2.0", method: "progress", params: { id, ...event } });
    };
  }
}

const gone = () => new GuestkitError("E_RPC_GONE", "Cannot ask the client: it is gone");

/** An aborted request is an interruption, whatever its parts threw; what really exists stays with it. */
function interrupted(error: unknown): GuestkitError {
  const cause = error instanceof Error ? error : undefined;
  return new GuestkitError("E_INTERRUPTED", "Cannot finish: interrupted", { cause });
}

function extraOf(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof ApplyError) return { state: encode(error.state) };
  return error instanceof RefusedError ? { diagnostics: encode(error.diagnostics) } : {};
}
