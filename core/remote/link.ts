import type { Plan } from "../engine/plan.ts";
import type { Contract } from "../model/contract.ts";
import type { ValueObject } from "../model/value.ts";
import type { ClientCall } from "../rpc/client.ts";
import type { Conversation } from "./conversation.ts";

/** A conversation that is up, and what the engine there said of itself. */
export interface Opened {
  readonly conversation: Conversation;
  readonly hello: ValueObject;
}

/** The one conversation of an engine with its host: all calls share it, and one that is cut is opened anew by the next. */
export class HostLink {
  readonly #open: () => Promise<Opened>;
  readonly #planned = new Map<string, object>();
  #current: Promise<Opened>;
  #calls = 0;

  constructor(first: Opened, open: () => Promise<Opened>) {
    this.#open = open;
    this.#current = Promise.resolve(first);
    first.conversation.hold(false);
  }

  async call(method: string, params: object, call: ClientCall = {}): Promise<ValueObject> {
    const { conversation } = await this.#up();
    this.#calls++;
    conversation.hold(true);
    try {
      return await conversation.client.call(method, params, call);
    } finally {
      if (--this.#calls === 0) conversation.hold(false);
    }
  }

  /** Tells the engine there what was planned here; one that comes in its place is told as well. */
  planned(contract: Contract, plan: Plan): void {
    const told = { contract: contract.name, plan };
    this.#planned.set(`${contract.name} ${String(plan.id)}`, told);
    void this.#current.then(({ conversation }) => conversation.client.notify("planned", told)).catch(() => {});
  }

  async #up(): Promise<Opened> {
    const current = await this.#current.catch(() => null);
    if (current && !current.conversation.isLost()) return current;
    const next = this.#open();
    this.#current = next;
    const opened = await next;
    for (const told of this.#planned.values()) opened.conversation.client.notify("planned", told);
    return opened;
  }
}
