import type { CallerFiles, Progress, Settings } from "../kit/context.ts";
import type { Actor, Owner } from "../kit/owner.ts";
import type { SshTarget } from "../kit/ssh-target.ts";
import type { Contract } from "../model/contract.ts";
import type { UNKNOWN, ValueObject } from "../model/value.ts";
import type { State } from "./apply-error.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { ActionResult, Gone } from "./implementation.ts";
import type { Plan } from "./plan.ts";

/** How one call is stopped and watched. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((event: Progress) => void) | undefined;
  /** For whom: in place of the engine's own owner. */
  readonly owner?: Actor | undefined;
  /** The caller's own list or state has the thing. */
  readonly isListed?: ((id: string) => boolean) | undefined;
  /** The caller's state has the thing by an import that only read it: the first change takes it over, whoever owned it. */
  readonly isImported?: ((id: string) => boolean) | undefined;
  /** What the caller removes first. */
  readonly goes?: readonly Gone[] | undefined;
  /** How files of a caller on another machine are reached. */
  readonly files?: CallerFiles | undefined;
}

export interface PreflightOptions extends CallOptions {
  readonly isHeld?: boolean | undefined;
}

export interface LoginOptions extends CallOptions {
  /** Somebody is about to log in: a declared key, which may be a user's own, comes along from another host. */
  readonly isLogin?: boolean | undefined;
}

/** Where an engine works. */
export interface Machine {
  /** The host as the settings name it; null where it is this machine. */
  readonly host: string | null;
  /** What tells it from every other one; null where it has no machine-id. */
  readonly id: string | null;
}

/** What a stateless face asks for before it applies. */
export interface Prepared {
  readonly plan: Plan;
  readonly prior: State | null;
}

/** What faces see of an engine, wherever it works: on this machine, or on a host. */
export interface EngineFace {
  readonly machine: Machine;
  /** Those of where it works. */
  readonly settings: Settings;
  /** Where relative host paths start there. */
  readonly baseDir: string;

  /** What is wrong with a declaration; values may be UNKNOWN. Nothing is read. */
  validate(contract: Contract, config: ValueObject): Promise<readonly Diagnostic[]>;
  /** Every declared field present, defaults filled in, as the user spelled them. */
  normalise(contract: Contract, config: ValueObject): ValueObject;
  /** The form that implementations get: sizes in bytes, host paths absolute. */
  canonical(contract: Contract, config: ValueObject): ValueObject;
  /** The natural key of a declaration. */
  identify(contract: Contract, config: ValueObject): string | typeof UNKNOWN;
  /** What is to be done. Nothing is read: `prior` comes from `observe`. */
  plan(contract: Contract, prior: State | null, config: ValueObject | null): Promise<Plan>;
  /** Takes a plan that another engine made for this one's things: whatever stands on it is judged by it. */
  foresee(contract: Contract, plan: Plan): void;
  /** What the world has to say against a plan (in use, in the way, protected). May read; changes nothing. */
  preflight(
    contract: Contract,
    plan: Plan,
    config: ValueObject | null,
    options?: PreflightOptions,
  ): Promise<readonly Diagnostic[]>;
  /** Validates, observes, plans and looks ahead: what a stateless face does before it applies. */
  prepare(
    contract: Contract,
    config: ValueObject | null,
    options?: CallOptions & { readonly prior?: State },
  ): Promise<Prepared>;
  /**
   * Carries a plan out and answers the state that is there then. `config` holds the secrets.
   * Throws `ApplyError` with what really exists.
   */
  apply(contract: Contract, plan: Plan, config: ValueObject | null, options?: CallOptions): Promise<State | null>;
  /**
   * The thing as it is, or null. `prior` is the last state, or a declaration; its spelling is kept where it is equal,
   * and its values where the world cannot tell.
   */
  observe(contract: Contract, prior: ValueObject, options?: CallOptions): Promise<State | null>;
  /**
   * The ids of all things of a contract there; `where` is what the contract's `listing` asks for.
   * Throws `E_LIST_UNSUPPORTED`, and what is wrong with `where`.
   */
  list(contract: Contract, where: ValueObject, options?: CallOptions): Promise<readonly string[]>;
  /** Takes a thing that is there into guestkit's care. Throws `E_IMPORT_MISSING`. */
  import(contract: Contract, id: string, options?: CallOptions): Promise<State>;
  /** What a query, a secret or a function answers. Unknown inputs must not come here. Throws `E_DECLARATION` on invalid ones. */
  query(contract: Contract, config: ValueObject, options?: CallOptions): Promise<ValueObject>;
  /** Does something once. */
  action(
    contract: Contract,
    config: ValueObject,
    options?: CallOptions & { readonly check?: boolean },
  ): Promise<ActionResult>;

  /** Whose a thing is: null where nobody in particular owns it, undefined where it has no record. */
  ownerOf(contract: Contract, id: string): Promise<Owner | null | undefined>;
  /** The host path that stands for a thing. */
  place(contract: Contract, id: string): Promise<string>;
  /** How a thing is logged in to from this machine; null where it cannot be now, or is none that can. */
  wayIn(contract: Contract, id: string, options?: LoginOptions): Promise<SshTarget | null>;
  /** Whether guestkit made a thing or was told to take it over. */
  isOurs(contract: Contract, id: string, options?: CallOptions): Promise<boolean>;
  /** Writes down the name that an owner goes by now, where the thing is his under an earlier one. */
  confirmOwner(contract: Contract, id: string, options: CallOptions): Promise<void>;
  /**
   * Ends the removal of a thing that is gone: where one was killed, or could not go on, the record is still there. It is
   * the last thing that goes, since what has none is not ours to remove.
   */
  clearGone(contract: Contract, id: string, options?: CallOptions): Promise<void>;
  /** Removes what a killed run left of a thing that is as declared by now, so that nothing else would come across it. */
  clearKilled(contract: Contract, id: string, options?: CallOptions): Promise<void>;
}
