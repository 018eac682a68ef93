import { withoutUnknown } from "../engine/adopt.ts";
import { ApplyError, type State } from "../engine/apply-error.ts";
import { type Diagnostic, hasErrors } from "../engine/diagnostic.ts";
import type { Engine } from "../engine/engine.ts";
import type {
  CallOptions,
  EngineFace,
  LoginOptions,
  Machine,
  PreflightOptions,
  Prepared,
} from "../engine/engine-face.ts";
import type { ActionResult } from "../engine/implementation.ts";
import type { Plan } from "../engine/plan.ts";
import { prepare } from "../engine/prepare.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import { type Owner, readOwner } from "../kit/owner.ts";
import type { SshTarget } from "../kit/ssh-target.ts";
import type { Contract } from "../model/contract.ts";
import { isList, isObject, type UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import { writeOptions } from "../rpc/call-options.ts";
import { Breach, type ClientCall } from "../rpc/client.ts";
import { asTold } from "../rpc/files/as-told.ts";
import { guardFor } from "../rpc/files/guard-for.ts";
import { FailedAnswer } from "../rpc/protocol.ts";
import type { HostLink } from "./link.ts";
import { type Entrance, forgetWayIn, type KeptWay, keepWayIn, waysHere, waysToldBy } from "./way-in.ts";

/**
 * An engine on another host. What follows from declarations and states alone is worked out here, by an engine with that
 * host's folders; what looks at the world or changes it is done there.
 */
export class RemoteEngine implements EngineFace {
  readonly machine: Machine;
  readonly #pure: Engine;
  readonly #link: HostLink;

  constructor(machine: Machine, pure: Engine, link: HostLink) {
    this.machine = machine;
    this.#pure = pure;
    this.#link = link;
  }

  get settings() {
    return this.#pure.settings;
  }

  get baseDir(): string {
    return this.#pure.baseDir;
  }

  validate(contract: Contract, config: ValueObject): Promise<readonly Diagnostic[]> {
    return this.#pure.validate(contract, config);
  }

  normalise(contract: Contract, config: ValueObject): ValueObject {
    return this.#pure.normalise(contract, config);
  }

  canonical(contract: Contract, config: ValueObject): ValueObject {
    return this.#pure.canonical(contract, config);
  }

  identify(contract: Contract, config: ValueObject): string | typeof UNKNOWN {
    return this.#pure.identify(contract, config);
  }

  async plan(contract: Contract, prior: State | null, config: ValueObject | null): Promise<Plan> {
    const plan = await this.#pure.plan(contract, prior, config);
    if (typeof plan.id === "string") this.#link.planned(contract, plan);
    return plan;
  }

  foresee(contract: Contract, plan: Plan): void {
    this.#pure.foresee(contract, plan);
    this.#link.planned(contract, plan);
  }

  async preflight(
    contract: Contract,
    plan: Plan,
    config: ValueObject | null,
    options: PreflightOptions = {},
  ): Promise<readonly Diagnostic[]> {
    const params = { plan, config, ...this.#told(options, String(plan.id)) };
    const { diagnostics = null } = await this.#call("preflight", contract, params, options);
    return isList(diagnostics) ? (diagnostics as unknown as readonly Diagnostic[]) : [];
  }

  async prepare(
    contract: Contract,
    config: ValueObject | null,
    options: CallOptions & { readonly prior?: State } = {},
  ): Promise<Prepared> {
    return await prepare(this, contract, config, options);
  }

  async apply(
    contract: Contract,
    plan: Plan,
    config: ValueObject | null,
    options: CallOptions = {},
  ): Promise<State | null> {
    const id = config ? this.identify(contract, config) : plan.id;
    if (plan.action === "none" || typeof id !== "string") return plan.planned;
    try {
      return await this.#carryOut(contract, { plan, config, id }, options);
    } catch (error) {
      if (plan.action !== "create" || !isCut(error) || options.signal?.aborted) throw error;
      return await this.#finish(contract, { config, id, lost: error }, options);
    }
  }

  async #carryOut(contract: Contract, { plan, config, id }: Applied, options: CallOptions): Promise<State | null> {
    const told = [config, plan.planned];
    try {
      const { state } = await this.#call("apply", contract, { plan, config, ...this.#told(options, id) }, options);
      return await this.#stateIn(contract, { id, told, state }, options);
    } catch (error) {
      throw await asApplyError(error, plan, (state) => this.#stateIn(contract, { id, told, state }, options));
    }
  }

  /**
   * Goes there once more for what was to be made when the line was cut: it may be made by now, it may be being made, which its
   * lock is waited for, or nobody began. A face that is told of a failure would make it a second time. Half made, it looks as
   * if it were to be mended; made between two looks of one plan, as if it were in its own way: what is so shows under its lock.
   */
  async #finish(
    contract: Contract,
    { config, id, lost }: Omit<Applied, "plan"> & { readonly lost: unknown },
    options: CallOptions,
  ): Promise<State | null> {
    const look = async () => {
      const { plan, prior } = await this.prepare(contract, config, options);
      return { plan, prior, isMade: plan.action === "none" && prior !== null };
    };
    const found = await look().catch(() => null);
    if (found?.isMade) return found.prior;
    const isDue = found?.plan.action === "create" || found?.plan.action === "update";
    if (!isDue || (found.plan.action === "update" && hasErrors(found.plan.diagnostics))) throw lost;
    try {
      return await this.#carryOut(contract, { plan: found.plan, config, id }, options);
    } catch (error) {
      const made = await look().catch(() => null);
      if (made?.isMade) return made.prior;
      // It is there by now, whatever became of mending it.
      throw error instanceof ApplyError ? error : lost;
    }
  }

  async observe(contract: Contract, prior: ValueObject, options: CallOptions = {}): Promise<State | null> {
    const id = typeof prior.id === "string" ? prior.id : this.identify(contract, prior);
    if (typeof id !== "string") return null;
    const { state } = await this.#call("observe", contract, { config: { ...prior, id } }, options);
    return await this.#stateIn(contract, { id, told: [prior], state }, options);
  }

  async list(contract: Contract, where: ValueObject, options: CallOptions = {}): Promise<readonly string[]> {
    const { ids = null } = await this.#call("list", contract, { config: where }, options);
    return isList(ids) ? ids.map(String) : [];
  }

  async import(contract: Contract, id: string, options: CallOptions = {}): Promise<State> {
    const { state } = await this.#call("import", contract, { id, ...this.#told(options, id) }, options);
    return (await this.#stateIn(contract, { id, told: [], state }, options)) ?? {};
  }

  async query(contract: Contract, config: ValueObject, options: CallOptions = {}): Promise<ValueObject> {
    const { output = null } = await this.#call("query", contract, { input: config }, options);
    return isObject(output) ? await this.#answerIn(contract, config, output, options) : {};
  }

  async action(
    contract: Contract,
    config: ValueObject,
    options: CallOptions & { readonly check?: boolean } = {},
  ): Promise<ActionResult> {
    const params = { input: config, ...(options.check && { check: true }) };
    const result = (await this.#call("action", contract, params, options)) as unknown as ActionResult;
    return { ...result, output: await this.#answerIn(contract, config, result.output, options) };
  }

  async ownerOf(contract: Contract, id: string): Promise<Owner | null | undefined> {
    const { owner, recorded } = await this.#call("owner_of", contract, { id });
    return recorded === true ? readOwner(owner) : undefined;
  }

  place(contract: Contract, id: string): Promise<string> {
    return this.#pure.place(contract, id);
  }

  async wayIn(contract: Contract, id: string, options: LoginOptions = {}): Promise<SshTarget | null> {
    return (await this.#way(contract, id, options))?.target ?? null;
  }

  async isOurs(contract: Contract, id: string, options: CallOptions = {}): Promise<boolean> {
    return (await this.#call("is_ours", contract, { id }, options)).ours === true;
  }

  async confirmOwner(contract: Contract, id: string, options: CallOptions): Promise<void> {
    await this.#call("confirm_owner", contract, { id, ...this.#told(options, id) }, options);
  }

  async clearGone(contract: Contract, id: string, options: CallOptions = {}): Promise<void> {
    await this.#call("clear_gone", contract, { id }, options);
  }

  async clearKilled(contract: Contract, id: string, options: CallOptions = {}): Promise<void> {
    await this.#call("clear_killed", contract, { id }, options);
  }

  /** What the host answers names no file of the caller's by itself, and no way in but the one that is kept here. */
  async #stateIn(contract: Contract, { id, told, state }: Answered, options: CallOptions): Promise<State | null> {
    const known = told.filter((each) => each !== null);
    const { reachable } = contract;
    if (!isObject(state)) {
      if (reachable) await aside(forgetWayIn(this.#entrance(id)), options);
      return null;
    }
    const kept = asTold(this.#pure, contract, known, state);
    return reachable ? waysHere(kept, reachable, id, await aside(this.#way(contract, id, options), options)) : kept;
  }

  /** What a query or an action tells of ways into a thing leads there from here. */
  async #answerIn(contract: Contract, input: ValueObject, output: ValueObject, options: CallOptions) {
    const told = waysToldBy(contract);
    if (!told) return output;
    const id = String(input[told.by]);
    return waysHere(output, told.reachable, id, await aside(this.#way(told.thing, id, options), options));
  }

  /** What one logs in with comes with every look at a thing, and goes where there is no way any more. */
  async #way(contract: Contract, id: string, options: LoginOptions): Promise<KeptWay | null> {
    const params = { id, ...(options.isLogin && { login: true }) };
    const { way = null } = await this.#call("way_in", contract, params, options);
    if (way !== null) return await keepWayIn(way, this.#entrance(id));
    await forgetWayIn(this.#entrance(id));
    return null;
  }

  #entrance(id: string): Entrance {
    return { host: String(this.machine.host), id };
  }

  /** All that is known of the actor goes with each call: what a conversation starts with has his name alone. */
  #told(options: PreflightOptions, id: string): ValueObject {
    return writeOptions({ ...options, owner: options.owner ?? this.settings.owner }, id);
  }

  /** The host may ask for files that the very call names, and for no others. */
  async #call(method: string, contract: Contract, params: Declared, { signal, progress }: ClientCall = {}) {
    const declared = [params.config ?? null, params.input ?? null];
    await using guard = guardFor({ engine: this.#pure, contract, declared, signal });
    const { answer } = guard;
    return await this.#link.call(method, { contract: contract.name, ...params }, { signal, progress, answer });
  }
}

/** Parameters of a call: those that may name files, and others. */
type Declared = Readonly<Record<string, unknown>> & {
  readonly config?: ValueObject | null;
  readonly input?: ValueObject;
};

interface Applied {
  readonly plan: Plan;
  readonly config: ValueObject | null;
  readonly id: string;
}

/** What a host says has become of a thing. */
interface Answered {
  readonly id: string;
  /** Where files of the caller's were named. */
  readonly told: readonly (ValueObject | null)[];
  readonly state: Value | undefined;
}

/** What this side keeps of ways in: where it cannot, that stops nothing else, and is told. */
async function aside<T>(work: Promise<T>, { signal, progress }: CallOptions): Promise<T | null> {
  return await work.catch((error) => {
    if (!signal?.aborted) progress?.({ phase: "note", detail: asGuestkitError(error).message, warning: true });
    return null;
  });
}

const isLost = (error: unknown): boolean => error instanceof GuestkitError && error.code === "E_HOST_LOST";

/** Whether it was the line: a host that asked for what it may not have is not gone back to. */
const isCut = (error: unknown): boolean =>
  error instanceof GuestkitError && isLost(error) && !(error.cause instanceof Breach);

/** With what really exists. Of one that was to be made, and of which no more is heard, it is taken to be there. */
async function asApplyError(
  error: unknown,
  { action, planned }: Plan,
  stateIn: (state: Value | undefined) => Promise<State | null>,
): Promise<unknown> {
  if (error instanceof FailedAnswer && error.report.state !== undefined) {
    return new ApplyError(error, await stateIn(error.report.state));
  }
  const isUnheard = error instanceof Breach || isLost(error);
  if (!isUnheard || action !== "create" || !planned) return error;
  // What nobody has told yet counts as nothing.
  return new ApplyError(asGuestkitError(error), withoutUnknown(planned) as State);
}
