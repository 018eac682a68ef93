import type { Progress } from "../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import type { Value, ValueObject } from "../model/value.ts";
import { Asked } from "./asked.ts";
import { decode, encode } from "./codec.ts";
import { CODES, failure, isRequest, ProtocolError, parseMessage, type Request, type RequestId } from "./protocol.ts";

/** How one call is stopped and watched, and what the server may ask meanwhile on its behalf. */
export interface ClientCall {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((event: Progress) => void) | undefined;
  /** Answers what the server asks backwards. A `Breach` ends the conversation, anything else is the answer's error. */
  readonly answer?: ((method: string, params: Request["params"]) => Promise<unknown>) | undefined;
}

/** What the other side had no right to ask. */
export class Breach extends GuestkitError {}

/** What carries the lines. */
export interface Link {
  /** What it gives, if anything, resolves once the other side's system has it. */
  readonly send: (message: object) => unknown;
  /** Ends the conversation from this side. */
  readonly close: () => void;
  /** What calls hear that this side ended the conversation over, for what was no doing of theirs; the same where left out. */
  readonly endedBy?: (error: GuestkitError) => GuestkitError;
}

/** Questions of one call that are not answered yet, all answers of the system's buffers counted: an honest host has fewer. */
const MOST_ASKED = 128;

/** The calling end of a conversation: calls run side by side, each can be cancelled by its signal. */
export class RpcClient {
  readonly #link: Link;
  readonly #asked: Asked;
  readonly #calls = new Map<RequestId, ClientCall>();
  /** How many questions wait for their answers, by call; null for those of none. */
  readonly #asking = new Map<RequestId | null, number>();
  #isOver = false;

  constructor(link: Link) {
    this.#link = link;
    this.#asked = new Asked(link.send, (count) => count);
  }

  /**
   * The result of a method. Throws what the server reports as a `FailedAnswer`, and what the conversation ended by. A
   * cancelled call ends by the server's answer to that: what really exists stands in it.
   */
  async call(method: string, params: object, call: ClientCall = {}): Promise<ValueObject> {
    call.signal?.throwIfAborted();
    const { id, answer } = this.#asked.ask(method, encode(params) as object);
    const cancel = () => this.notify("cancel", { id });
    this.#calls.set(id, call);
    call.signal?.addEventListener("abort", cancel, { once: true });
    try {
      return decode((await answer) as Value) as ValueObject;
    } finally {
      call.signal?.removeEventListener("abort", cancel);
      this.#calls.delete(id);
    }
  }

  /** Tells what is not answered. */
  notify(method: string, params: object): void {
    this.#link.send({ jsonrpc: "2.0", method, params: encode(params) });
  }

  /** Takes one line, null for one that was too long. What is no message ends the conversation. */
  receive(line: Uint8Array | string | null): void {
    if (this.#isOver) return;
    try {
      const message = parseMessage(line);
      if (message === null) return;
      if (!isRequest(message)) this.#asked.take(message);
      else if (message.id === undefined) this.#notified(message);
      else void this.#answer(message, message.id);
    } catch (error) {
      this.#break(asGuestkitError(error), null);
    }
  }

  /** The conversation is over: all calls fail with this. */
  lost(error: GuestkitError): void {
    this.#isOver = true;
    this.#asked.lose(error);
  }

  #notified({ method, params }: Request): void {
    const { id, phase, ...event } = params;
    if (method !== "progress" || typeof phase !== "string") return;
    this.#calls.get(id as RequestId)?.progress?.({ ...event, phase } as Progress);
  }

  async #answer({ method, params }: Request, id: RequestId): Promise<void> {
    const request = params.request as RequestId;
    const call = this.#calls.get(request);
    const asker = call ? request : null;
    const count = (this.#asking.get(asker) ?? 0) + 1;
    this.#asking.set(asker, count);
    try {
      if (count > MOST_ASKED) throw flood();
      if (!call?.answer)
        throw new ProtocolError(CODES.method, "E_RPC_METHOD", `Cannot answer "${method}": nothing asks it`);
      await this.#link.send({ jsonrpc: "2.0", id, result: encode(await call.answer(method, params)) });
    } catch (error) {
      const told = this.#link.send(failure(id, error));
      if (error instanceof Breach) this.#break(error, asker);
      else await told;
    } finally {
      this.#asking.set(asker, (this.#asking.get(asker) ?? 1) - 1);
      if (this.#asking.get(asker) === 0) this.#asking.delete(asker);
    }
  }

  /** The call that it is about fails by the error itself; of all others no more is heard. */
  #break(error: GuestkitError, about: RequestId | null): void {
    if (about !== null) this.#asked.fail(about, error);
    this.lost(this.#link.endedBy?.(error) ?? error);
    this.#link.close();
  }
}

const flood = () =>
  new Breach("E_RPC_FLOOD", `Cannot answer the server: more than ${MOST_ASKED} questions of one call wait`, {
    help: "No engine of guestkit asks so much at once. Look at who can change it (~/.cache/guestkit on the host), and do nothing on this host until you know.",
  });
