import { keysFrom } from "../host/key-file.ts";
import { machineId } from "../host/machine-id.ts";
import { resolveSettings } from "../host/settings.ts";
import type { Context, Settings } from "../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import type { Owner } from "../kit/owner.ts";
import type { SshTarget } from "../kit/ssh-target.ts";
import type { Contract } from "../model/contract.ts";
import { isWhollyKnown, UNKNOWN, type ValueObject } from "../model/value.ts";
import { ApplyError, demand, type State } from "./apply-error.ts";
import { carryOut, spelled } from "./carry-out.ts";
import { Declared } from "./declared.ts";
import { type Diagnostic, hasErrors } from "./diagnostic.ts";
import type { CallOptions, EngineFace, Machine, PreflightOptions, Prepared } from "./engine-face.ts";
import { fielded } from "./fielded.ts";
import { adopt, anchorOf, claim, type Held, isThere, isUnderEarlierName, keep, ownersWord, placeOf } from "./held.ts";
import type { ActionResult, Implementations, PlanContext, ResourceImplementation } from "./implementation.ts";
import { implementationOf } from "./implementation-of.ts";
import { journalled } from "./journal.ts";
import { clearGone, clearKilled } from "./leftovers.ts";
import { lockThing } from "./lock-thing.ts";
import { lookUp } from "./look-up.ts";
import { canonicalFields, normalise } from "./normalise.ts";
import { type Deed, recordedOwner, takeOver } from "./ownership.ts";
import { identify, makePlan, type Plan } from "./plan.ts";
import { prepare } from "./prepare.ts";
import { reconcile } from "./reconcile.ts";
import type { BaseDir } from "./spelling.ts";
import { validateFields } from "./validate.ts";

export interface EngineOptions {
  readonly implementations: Implementations;
  readonly settings?: Partial<Settings>;
  /** Where relative host paths start; the working directory by default. */
  readonly baseDir?: string;
  /**
   * Where relative paths of the caller's side start, on his machine: only where that is another one. Its files are then
   * reached by `CallOptions.files` alone.
   */
  readonly callerDir?: string;
}

/** The one place that decides what happens to a thing. Every face goes through it. */
export class Engine implements EngineFace {
  readonly settings: Settings;
  readonly baseDir: string;
  /** Where relative paths start, of each side. */
  readonly base: BaseDir;
  readonly #implementations: Implementations;
  readonly #declared = new Declared();

  constructor(options: EngineOptions) {
    this.#implementations = options.implementations;
    this.baseDir = options.baseDir ?? process.cwd();
    const { callerDir } = options;
    this.base = callerDir === undefined ? this.baseDir : { host: this.baseDir, caller: callerDir };
    const keys = options.settings?.keys && keysFrom(options.settings.keys, this.baseDir);
    this.settings = resolveSettings({ ...options.settings, ...(keys && { keys }) });
  }

  get machine(): Machine {
    return { host: null, id: machineId() };
  }

  async validate(contract: Contract, config: ValueObject): Promise<readonly Diagnostic[]> {
    const shape = validateFields(contract.input, config);
    if (hasErrors(shape) || contract.kind !== "resource") return shape;
    const implementation = await this.#resource(contract);
    return [...shape, ...((await implementation.validate?.(this.canonical(contract, config))) ?? [])];
  }

  normalise(contract: Contract, config: ValueObject): ValueObject {
    return normalise(contract.input, config);
  }

  canonical(contract: Contract, config: ValueObject): ValueObject {
    return canonicalFields(contract.input, normalise(contract.input, config), this.base);
  }

  identify(contract: Contract, config: ValueObject): string | typeof UNKNOWN {
    return identify(contract, normalise(contract.input, config), this.base);
  }

  async plan(contract: Contract, prior: State | null, config: ValueObject | null): Promise<Plan> {
    const implementation = await this.#resource(contract);
    const plan = makePlan({
      ...{ contract, prior, config, implementation },
      ...{ baseDir: this.base, settings: this.settings },
    });
    this.foresee(contract, plan);
    return plan;
  }

  foresee(contract: Contract, plan: Plan): void {
    this.#declared.remember(contract, plan, this.base);
  }

  async preflight(
    contract: Contract,
    plan: Plan,
    config: ValueObject | null,
    options: PreflightOptions = {},
  ): Promise<readonly Diagnostic[]> {
    const { id, action } = plan;
    const held = await this.#held(contract, String(id), options);
    const owned =
      typeof id === "string" ? await ownersWord(held, this.#deed(contract, id, action, config, options)) : [];
    const { implementation } = held;
    if (hasErrors(owned) || !implementation.preflight) return owned;
    const context: PlanContext = {
      ...this.#context(options),
      declared: (name, id) => this.#declared.find(name, id),
      intended: (name, id) => this.#declared.findAny(name, id),
      goes: (id, name) =>
        options.goes?.some((each) => each.id === id && (name === undefined || name === each.contract)) ?? false,
      isHeld: options.isHeld ?? false,
      isImported: typeof id === "string" && options.isImported?.(id) === true,
    };
    return [...owned, ...(await implementation.preflight(plan, config && this.canonical(contract, config), context))];
  }

  #deed(
    contract: Contract,
    id: string,
    action: Plan["action"],
    config: ValueObject | null,
    options: CallOptions,
  ): Deed {
    const { owner: actor = null } = this.#context(options).settings;
    const { isListed, isImported } = options;
    const known = { isListed: isListed?.(id) === true, isImported: isImported?.(id) === true };
    return { contract, id, action, actor, ...known, config };
  }

  async ownerOf(contract: Contract, id: string): Promise<Owner | null | undefined> {
    return (await recordedOwner(anchorOf(await this.#held(contract, id))))?.owner;
  }

  async place(contract: Contract, id: string): Promise<string> {
    return placeOf(await this.#held(contract, id));
  }

  async wayIn(contract: Contract, id: string, options: CallOptions = {}): Promise<SshTarget | null> {
    const implementation = await this.#resource(contract);
    return (await implementation.wayIn?.(id, this.#context(options))) ?? null;
  }

  async isOurs(contract: Contract, id: string, options: CallOptions = {}): Promise<boolean> {
    const held = await this.#held(contract, id, options);
    if (held.implementation.isOurs) return held.implementation.isOurs(id, held.context);
    return (await recordedOwner(anchorOf(held))) !== null;
  }

  async list(contract: Contract, where: ValueObject, options: CallOptions = {}): Promise<readonly string[]> {
    const implementation = await this.#resource(contract);
    const { listing } = contract;
    if (listing && implementation.list) {
      demand(validateFields(listing, where));
      const canonical = canonicalFields(listing, normalise(listing, where), this.base);
      return implementation.list(canonical, this.#context(options));
    }
    throw new GuestkitError("E_LIST_UNSUPPORTED", `Cannot list ${contract.name}: they lie anywhere on the host`, {
      help: "Name the one that is meant.",
    });
  }

  async observe(contract: Contract, prior: ValueObject, options: CallOptions = {}): Promise<State | null> {
    const id = typeof prior.id === "string" ? prior.id : this.identify(contract, prior);
    if (id === UNKNOWN || typeof id !== "string") return null;
    const implementation = await this.#resource(contract);
    const observed = await implementation.observe(id, this.#context(options));
    return observed && reconcile(contract, prior, observed, { id, baseDir: this.base });
  }

  async apply(
    contract: Contract,
    plan: Plan,
    config: ValueObject | null,
    options: CallOptions = {},
  ): Promise<State | null> {
    const id = config ? this.identify(contract, config) : plan.id;
    if (plan.action === "none" || typeof id !== "string") return plan.planned;
    const held = await this.#held(contract, id, options);
    const { implementation, context } = held;
    const label = `${contract.name} ${id}`;
    // What stood in a create's place before is not what the create left behind.
    const foreign = plan.action === "create" && (await isThere(held));
    try {
      return await journalled(context, `${plan.action} ${label}`, async (watched) => {
        const place = placeOf(held);
        const input = config && this.canonical(contract, config);
        await using _lock = await lockThing(implementation, { contract, place, id, input }, watched);
        const deed = this.#deed(contract, id, plan.action, config, options);
        await claim(held, deed);
        await carryOut(implementation, { contract, plan, id, input, baseDir: this.base }, watched);
        await keep(held, deed);
        return config && (await this.#after(contract, { ...config, ...spelled(contract, plan) }, id, options));
      });
    } catch (error) {
      throw new ApplyError(
        asGuestkitError(error),
        foreign ? null : await this.#salvage(contract, plan, config, id, options),
      );
    } finally {
      // From here on the thing itself tells what it is.
      this.#declared.forget(contract.name, id);
    }
  }

  async #after(contract: Contract, config: ValueObject, id: string, options: CallOptions): Promise<State> {
    const state = await this.observe(contract, { ...config, id }, options);
    if (state) return state;
    throw new GuestkitError("E_APPLY_VANISHED", `Cannot finish "${id}": it is not there after it was made`, {
      at: { file: await this.place(contract, id) },
      help: "Something else took it away meanwhile: look what that is, then run again.",
    });
  }

  /** What is there after a failure, seen without the signal that may have stopped the work. */
  async #salvage(
    contract: Contract,
    plan: Plan,
    config: ValueObject | null,
    id: string,
    { files }: CallOptions,
  ): Promise<State | null> {
    try {
      return await this.observe(contract, { ...(config ?? plan.planned ?? {}), id }, { files });
    } catch {
      return plan.planned && isWhollyKnown(plan.planned) ? plan.planned : null;
    }
  }

  async import(contract: Contract, id: string, options: CallOptions = {}): Promise<State> {
    const held = await this.#held(contract, String((await lookUp(this, contract, id, options)).id), options);
    {
      const { implementation, context } = held;
      await using _lock = await lockThing(implementation, { contract, place: placeOf(held), id: held.id }, context);
      await adopt(held, context.settings.owner ?? null);
    }
    return await lookUp(this, contract, held.id, options);
  }

  async confirmOwner(contract: Contract, id: string, options: CallOptions): Promise<void> {
    const held = await this.#held(contract, id, options);
    if (!(await isUnderEarlierName(held))) return;
    await using _lock = await lockThing(held.implementation, { contract, place: placeOf(held), id }, held.context);
    if (await isUnderEarlierName(held)) await takeOver(anchorOf(held), held.context.settings.owner ?? null);
  }

  async clearGone(contract: Contract, id: string, options: CallOptions = {}): Promise<void> {
    await clearGone(await this.#held(contract, id, options));
  }

  async clearKilled(contract: Contract, id: string, options: CallOptions = {}): Promise<void> {
    await clearKilled(await this.#held(contract, id, options));
  }

  async query(contract: Contract, config: ValueObject, options: CallOptions = {}): Promise<ValueObject> {
    const implementation = await implementationOf(this.#implementations.queries, contract.name);
    demand(await this.validate(contract, config));
    const input = this.canonical(contract, config);
    const output = await fielded(contract, input, () => implementation.read(input, this.#context(options)));
    return {
      ...normalise(contract.input, config),
      ...Object.fromEntries(contract.output.map((field) => [field.name, output[field.name] ?? null])),
    };
  }

  async action(
    contract: Contract,
    config: ValueObject,
    options: CallOptions & { readonly check?: boolean } = {},
  ): Promise<ActionResult> {
    const implementation = await implementationOf(this.#implementations.actions, contract.name);
    demand(await this.validate(contract, config));
    const input = this.canonical(contract, config);
    const { check = false } = options;
    return await fielded(contract, input, () => implementation.run(input, { check }, this.#context(options)));
  }

  async prepare(
    contract: Contract,
    config: ValueObject | null,
    options: CallOptions & { readonly prior?: State } = {},
  ): Promise<Prepared> {
    return await prepare(this, contract, config, options);
  }

  async #held(contract: Contract, id: string, options: CallOptions = {}): Promise<Held> {
    return { implementation: await this.#resource(contract), id, context: this.#context(options) };
  }

  #resource(contract: Contract): Promise<ResourceImplementation> {
    return implementationOf(this.#implementations.resources, contract.name);
  }

  #context(options: CallOptions): Context {
    return {
      signal: options.signal ?? new AbortController().signal,
      progress: options.progress ?? (() => {}),
      ...(options.files && { files: options.files }),
      settings: options.owner ? { ...this.settings, owner: options.owner } : this.settings,
    };
  }
}
