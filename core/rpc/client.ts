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
  readonly send: (message: object) => void;
  /** Ends the conversation from this side. */
  readonly close: () => void;
}

/** The calling end of a conversation: calls run side by side, each can be cancelled by its signal. */
export class RpcClient {
  readonly #link: Link;
  readonly #asked: Asked;
  readonly #calls = new Map<RequestId, ClientCall>();

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
    try {
      const message = parseMessage(line);
      if (message === null) return;
      if (!isRequest(message)) this.#asked.take(message);
      else if (message.id === undefined) this.#notified(message);
      else void this.#answer(message, message.id);
    } catch (error) {
      this.#break(asGuestkitError(error));
    }
  }

  /** The conversation is over: all calls fail with this. */
  lost(error: GuestkitError): void {
    this.#asked.lose(error);
  }

  #notified({ method, params }: Request): void {
    const { id, phase, ...event } = params;
    if (method !== "progress" || typeof phase !== "string") return;
    this.#calls.get(id as RequestId)?.progress?.({ ...event, phase } as Progress);
  }

  async #answer({ method, params }: Request, id: RequestId): Promise<void> {
    try {
      const answer = this.#calls.get(params.request as RequestId)?.answer;
      if (!answer) throw new ProtocolError(CODES.method, "E_RPC_METHOD", `Cannot answer "${method}": nothing asks it`);
      this.#link.send({ jsonrpc: "2.0", id, result: encode(await answer(method, params)) });
    } catch (error) {
      this.#link.send(failure(id, error));
      if (error instanceof Breach) this.#break(error);
    }
  }

  #break(error: GuestkitError): void {
    this.lost(error);
    this.#link.close();
  }
}
