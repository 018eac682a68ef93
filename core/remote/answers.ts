import type { State } from "../engine/apply-error.ts";
import type { Engine } from "../engine/engine.ts";
import type { CallOptions, LoginOptions } from "../engine/engine-face.ts";
import { asGuestkitError } from "../kit/errors.ts";
import type { Contract } from "../model/contract.ts";
import { isObject, type Value, type ValueObject } from "../model/value.ts";
import { asTold } from "../rpc/files/as-told.ts";
import { type Entrance, forgetWayIn, type KeptWay, keepWayIn, waysHere, waysToldBy } from "./way-in.ts";

/** Asks the host how one of its things is logged in to; null where there is no way. */
export type AskWay = (contract: Contract, params: ValueObject, options: LoginOptions) => Promise<Value>;

/** What a host says has become of a thing. */
interface Answered {
  readonly id: string;
  /** Where files of the caller's were named. */
  readonly told: readonly (ValueObject | null)[];
  readonly state: Value | undefined;
}

/** What a host answers as it is true on this side: it names no file of the caller's by itself, and no way in but the one kept here. */
export class Answers {
  readonly #host: string;
  readonly #pure: Engine;
  readonly #askWay: AskWay;

  constructor(host: string, pure: Engine, askWay: AskWay) {
    this.#host = host;
    this.#pure = pure;
    this.#askWay = askWay;
  }

  async stateIn(contract: Contract, { id, told, state }: Answered, options: CallOptions): Promise<State | null> {
    const known = told.filter((each) => each !== null);
    const { reachable } = contract;
    if (!isObject(state)) {
      if (reachable) await aside(forgetWayIn(this.#entrance(id)), options);
      return null;
    }
    const kept = asTold(this.#pure, contract, known, state);
    return reachable ? waysHere(kept, reachable, id, await aside(this.way(contract, id, options), options)) : kept;
  }

  /** What a query or an action tells of ways into a thing leads there from here. */
  async answerIn(contract: Contract, input: ValueObject, output: ValueObject, options: CallOptions) {
    const told = waysToldBy(contract);
    if (!told) return output;
    const id = String(input[told.by]);
    return waysHere(output, told.reachable, id, await aside(this.way(told.thing, id, options), options));
  }

  /** What one logs in with comes with every look at a thing, and goes where there is no way any more. */
  async way(contract: Contract, id: string, options: LoginOptions): Promise<KeptWay | null> {
    const way = await this.#askWay(contract, { id, ...(options.isLogin && { login: true }) }, options);
    if (way !== null) return await keepWayIn(way, this.#entrance(id));
    await forgetWayIn(this.#entrance(id));
    return null;
  }

  #entrance(id: string): Entrance {
    return { host: this.#host, id };
  }
}

/** What this side keeps of ways in: where it cannot, that stops nothing else, and is told. */
async function aside<T>(work: Promise<T>, { signal, progress }: CallOptions): Promise<T | null> {
  return await work.catch((error) => {
    if (!signal?.aborted) progress?.({ phase: "note", detail: asGuestkitError(error).message, warning: true });
    return null;
  });
}
