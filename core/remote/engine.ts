import type { State } from "../engine/apply-error.ts";
import type { Diagnostic } from "../engine/diagnostic.ts";
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
import { type Owner, readOwner } from "../kit/owner.ts";
import type { SshTarget } from "../kit/ssh-target.ts";
import type { Contract } from "../model/contract.ts";
import { isList, isObject, type UNKNOWN, type ValueObject } from "../model/value.ts";
import { writeOptions } from "../rpc/call-options.ts";
import type { ClientCall } from "../rpc/client.ts";
import { guardFor } from "../rpc/files/guard-for.ts";
import { Answers, type AskWay } from "./answers.ts";
import type { HostLink } from "./link.ts";
import { asApplyError, finish, isCut } from "./lost.ts";

/**
 * An engine on another host. What follows from declarations and states alone is worked out here, by an engine with that
 * host's folders; what looks at the world or changes it is done there.
 */
export class RemoteEngine implements EngineFace {
  readonly machine: Machine;
  readonly #pure: Engine;
  readonly #link: HostLink;
  readonly #answers: Answers;

  constructor(machine: Machine, pure: Engine, link: HostLink) {
    this.machine = machine;
    this.#pure = pure;
    this.#link = link;
    const askWay: AskWay = async (contract, params, options) =>
      (await this.#call("way_in", contract, params, options)).way ?? null;
    this.#answers = new Answers(String(machine.host), pure, askWay);
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
      const again = {
        prepare: () => this.prepare(contract, config, options),
        carryOut: (found: Plan) => this.#carryOut(contract, { plan: found, config, id }, options),
      };
      return await finish(error, again);
    }
  }

  async #carryOut(contract: Contract, { plan, config, id }: Applied, options: CallOptions): Promise<State | null> {
    const told = [config, plan.planned];
    try {
      const { state } = await this.#call("apply", contract, { plan, config, ...this.#told(options, id) }, options);
      return await this.#answers.stateIn(contract, { id, told, state }, options);
    } catch (error) {
      throw await asApplyError(error, plan, (state) => this.#answers.stateIn(contract, { id, told, state }, options));
    }
  }

  async observe(contract: Contract, prior: ValueObject, options: CallOptions = {}): Promise<State | null> {
    const id = typeof prior.id === "string" ? prior.id : this.identify(contract, prior);
    if (typeof id !== "string") return null;
    const { state } = await this.#call("observe", contract, { config: { ...prior, id } }, options);
    return await this.#answers.stateIn(contract, { id, told: [prior], state }, options);
  }

  async list(contract: Contract, where: ValueObject, options: CallOptions = {}): Promise<readonly string[]> {
    const { ids = null } = await this.#call("list", contract, { config: where }, options);
    return isList(ids) ? ids.map(String) : [];
  }

  async import(contract: Contract, id: string, options: CallOptions = {}): Promise<State> {
    const { state } = await this.#call("import", contract, { id, ...this.#told(options, id) }, options);
    return (await this.#answers.stateIn(contract, { id, told: [], state }, options)) ?? {};
  }

  async query(contract: Contract, config: ValueObject, options: CallOptions = {}): Promise<ValueObject> {
    const { output = null } = await this.#call("query", contract, { input: config }, options);
    return isObject(output) ? await this.#answers.answerIn(contract, config, output, options) : {};
  }

  async action(
    contract: Contract,
    config: ValueObject,
    options: CallOptions & { readonly check?: boolean } = {},
  ): Promise<ActionResult> {
    const params = { input: config, ...(options.check && { check: true }) };
    const result = (await this.#call("action", contract, params, options)) as unknown as ActionResult;
    return { ...result, output: await this.#answers.answerIn(contract, config, result.output, options) };
  }

  async ownerOf(contract: Contract, id: string): Promise<Owner | null | undefined> {
    const { owner, recorded } = await this.#call("owner_of", contract, { id });
    return recorded === true ? readOwner(owner) : undefined;
  }

  place(contract: Contract, id: string): Promise<string> {
    return this.#pure.place(contract, id);
  }

  async wayIn(contract: Contract, id: string, options: LoginOptions = {}): Promise<SshTarget | null> {
    return (await this.#answers.way(contract, id, options))?.target ?? null;
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
