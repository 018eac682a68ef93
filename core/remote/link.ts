import type { Plan } from "../engine/plan.ts";
import type { Progress } from "../kit/context.ts";
import type { Contract } from "../model/contract.ts";
import type { ValueObject } from "../model/value.ts";
import type { ClientCall } from "../rpc/client.ts";
import type { Conversation } from "./conversation.ts";

/** A conversation that is up, and what the engine there said of itself. */
export interface Opened {
  readonly conversation: Conversation;
  readonly hello: ValueObject;
}

/** How an opening is stopped and watched. */
export interface Opening {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((event: Progress) => void) | undefined;
}

/** A conversation and the calls that are under way in it. */
interface Line {
  readonly conversation: Conversation;
  calls: number;
}

/** The next line, and those who wait for it. */
interface Next {
  readonly line: Promise<Line>;
  readonly stop: AbortController;
  waiting: number;
}

/** The one conversation of an engine with its host: all calls share it, and one that is cut is opened anew by the next. */
export class HostLink {
  readonly #open: (opening: Opening) => Promise<Opened>;
  readonly #planned = new Map<string, object>();
  #line: Line;
  #next: Next | null = null;

  constructor(first: Opened, open: (opening: Opening) => Promise<Opened>) {
    this.#open = open;
    this.#line = lineOver(first);
  }

  async call(method: string, params: object, call: ClientCall = {}): Promise<ValueObject> {
    const line = await this.#up(call);
    line.calls++;
    line.conversation.hold(true);
    try {
      return await line.conversation.client.call(method, params, call);
    } finally {
      if (--line.calls === 0) line.conversation.hold(false);
    }
  }

  /** Tells the engine there what was planned here; one that comes in its place is told as well. */
  planned(contract: Contract, plan: Plan): void {
    const told = { contract: contract.name, plan };
    this.#planned.set(`${contract.name} ${String(plan.id)}`, told);
    const { conversation } = this.#line;
    if (!conversation.isLost()) conversation.client.notify("planned", told);
  }

  /** All that find the line cut wait for one other, which is given up once each of them is stopped. */
  async #up(call: ClientCall): Promise<Line> {
    if (!this.#line.conversation.isLost()) return this.#line;
    call.signal?.throwIfAborted();
    this.#next ??= this.#reopen(call);
    const next = this.#next;
    next.waiting++;
    const leave = () => {
      if (--next.waiting > 0) return;
      if (this.#next === next) this.#next = null;
      next.stop.abort(call.signal?.reason);
    };
    call.signal?.addEventListener("abort", leave, { once: true });
    try {
      return await next.line;
    } finally {
      call.signal?.removeEventListener("abort", leave);
    }
  }

  #reopen({ progress }: Opening): Next {
    const stop = new AbortController();
    const next: Next = { stop, waiting: 0, line: this.#takeNext({ signal: stop.signal, progress }) };
    const forget = () => {
      if (this.#next === next) this.#next = null;
    };
    next.line.then(forget, forget);
    return next;
  }

  async #takeNext(opening: Opening): Promise<Line> {
    const opened = await this.#open(opening);
    this.#line = lineOver(opened);
    for (const told of this.#planned.values()) opened.conversation.client.notify("planned", told);
    return this.#line;
  }
}

/** Nothing is waited for until something is asked. */
function lineOver({ conversation }: Opened): Line {
  conversation.hold(false);
  return { conversation, calls: 0 };
}
