import { ApplyError, type EngineFace } from "../engine/index.ts";
import { type Actor, excerpt, GuestkitError, type Progress, parseOwner, readKeys, spellOwner } from "../kit/index.ts";
import { PROTOCOL, VERSION } from "../kit/version.ts";
import { contracts } from "../model/index.ts";
import { createEngine } from "../resource/index.ts";
import { decode, encode } from "./codec.ts";
import { methods, RefusedError } from "./methods.ts";
import {
  CODES,
  failure,
  ProtocolError,
  parseRequest,
  type Request,
  type RequestId,
  type Response,
} from "./protocol.ts";

/** Least time between two progress notifications of one request and phase (ms). */
const INTERVAL = 100;

/** One conversation: requests run side by side, each can be cancelled by its id. */
export class RpcServer {
  readonly #send: (message: object) => void;
  readonly #running = new Map<RequestId, AbortController>();
  readonly #work = new Set<Promise<void>>();
  #engine: EngineFace | undefined;

  constructor(send: (message: object) => void) {
    this.#send = send;
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
    for (const controller of this.#running.values()) controller.abort();
  }

  async #handle(line: Uint8Array | string | null): Promise<void> {
    try {
      const request = parseRequest(line);
      if (request?.id === undefined) return request ? this.#notified(request) : undefined;
      this.#demandFresh(request.id);
      this.#send(await this.#answer(request, request.id));
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

  #notified({ method, params }: Request): void {
    const { id } = params;
    if (method === "cancel" && (typeof id === "string" || typeof id === "number")) this.#running.get(id)?.abort();
  }

  async #answer(request: Request, id: RequestId): Promise<Response> {
    const controller = new AbortController();
    this.#running.set(id, controller);
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
    if (method === "initialize") return this.#initialize(params);
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
    return call(params, { engine: this.#engine, signal, progress: this.#reporter(id) });
  }

  #initialize(params: Request["params"]): unknown {
    checkProtocol(params.protocol, params.client);
    const baseDir = params.base_dir;
    const owner = actorOf(params);
    const keys = readKeys(decode(params.keys ?? null));
    this.#engine = createEngine({
      ...(typeof baseDir === "string" && { baseDir }),
      settings: { ...(owner && { owner }), ...(keys && { keys }) },
    });
    const { settings } = this.#engine;
    return {
      server: { name: "guestkit", version: VERSION },
      protocol: PROTOCOL,
      runtime: { node: process.versions.node },
      settings: {
        data_dir: settings.dataDir,
        cache_dir: settings.cacheDir,
        runtime_dir: settings.runtimeDir,
        owner: settings.owner ? spellOwner(settings.owner) : null,
      },
      ...(params.contracts !== false && { contracts }),
    };
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

/** For whom the client works; null where it names nobody. */
function actorOf({ owner, take_over }: Request["params"]): Actor | null {
  if (owner === undefined || owner === null) return null;
  const parsed = typeof owner === "string" ? parseOwner(owner) : null;
  if (parsed) return { ...parsed, ...(typeof take_over === "string" && { takeOver: take_over }) };
  const what = `"${excerpt(String(owner))}" is no owner: a face, or a face and a project behind a colon`;
  throw new ProtocolError(
    CODES.params,
    "E_OWNER_NAME",
    `Cannot initialize: ${what}`,
    'As in "ansible" or "ansible:shop".',
  );
}

function checkProtocol(wanted: unknown, client: unknown): void {
  if (wanted === PROTOCOL) return;
  const names = typeof client === "object" && client !== null ? Object.values(client) : [client ?? "client"];
  const who = excerpt(names.filter((each) => typeof each !== "object").join(" "));
  throw new ProtocolError(
    CODES.guestkit,
    "E_RPC_PROTOCOL",
    `Cannot talk to ${who}: it speaks protocol ${excerpt(JSON.stringify(wanted ?? null))}, guestkit ${VERSION} speaks ${PROTOCOL}`,
    "Install the guestkit release that belongs to it on this host.",
  );
}

/** An aborted request is an interruption, whatever its parts threw; what really exists stays with it. */
function interrupted(error: unknown): GuestkitError {
  const cause = error instanceof Error ? error : undefined;
  return new GuestkitError("E_INTERRUPTED", "Cannot finish: interrupted", { cause });
}

function extraOf(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof ApplyError) return { state: encode(error.state) };
  return error instanceof RefusedError ? { diagnostics: encode(error.diagnostics) } : {};
}
