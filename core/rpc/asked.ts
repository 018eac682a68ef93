import type { GuestkitError, Place } from "../kit/errors.ts";
import type { ValueObject } from "../model/value.ts";
import { type Answer, FailedAnswer, type RequestId } from "./protocol.ts";

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Requests of this side that wait for the other one's answers. */
export class Asked {
  readonly #send: (message: object) => void;
  readonly #idOf: (count: number) => RequestId;
  readonly #waiting = new Map<RequestId, Waiting>();
  #count = 0;
  #lost: GuestkitError | null = null;

  constructor(send: (message: object) => void, idOf: (count: number) => RequestId) {
    this.#send = send;
    this.#idOf = idOf;
  }

  /** The answer's result; rejects with its error, or with what the conversation ended by. */
  ask(method: string, params: object): { readonly id: RequestId; readonly answer: Promise<unknown> } {
    const id = this.#idOf(++this.#count);
    const answer = new Promise((resolve, reject) => {
      if (this.#lost) reject(this.#lost);
      else this.#waiting.set(id, { resolve, reject });
    });
    if (!this.#lost) this.#send({ jsonrpc: "2.0", id, method, params });
    return { id, answer };
  }

  /** What answers nothing is passed over. */
  take({ id, result, error }: Answer): void {
    const waiting = id === null ? undefined : this.#waiting.get(id);
    if (id === null || !waiting) return;
    this.#waiting.delete(id);
    if (error) waiting.reject(errorOf(error));
    else waiting.resolve(result);
  }

  /** One that waits fails; one that is answered is passed over. */
  fail(id: RequestId, error: GuestkitError): void {
    this.#waiting.get(id)?.reject(error);
    this.#waiting.delete(id);
  }

  /** All that wait fail, and whoever asks from now on. The first reason counts. */
  lose(error: GuestkitError): void {
    this.#lost ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#lost);
    this.#waiting.clear();
  }
}

/** The error that the other side reports, as if it had been thrown here. */
function errorOf({ message, data }: Answer["error"] & object): GuestkitError {
  const report = typeof data === "object" && data !== null ? (data as ValueObject) : {};
  const { code, help, at, cause } = report;
  const detail = {
    ...(typeof help === "string" && { help }),
    ...(typeof at === "object" && at !== null && { at: at as Place }),
    ...(typeof cause === "string" && { cause: new Error(cause) }),
  };
  return new FailedAnswer(typeof code === "string" ? code : "E_RPC_ANSWER", message, detail, report);
}
