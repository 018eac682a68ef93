import type { Context, Settings } from "../kit/context.ts";
import type { SshTarget } from "../kit/ssh-target.ts";
import type { ValueObject } from "../model/value.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Change } from "./diff.ts";
import type { Plan } from "./plan.ts";

/** A departure of the world from what was declared, seen inside the thing. */
export interface Drift {
  /** The declared field, as `formatPath` writes it. */
  readonly path: string;
  readonly why: string;
  readonly action: "update" | "replace";
}

/** What `observe` found. */
export interface Observed {
  /**
   * Input fields as they are in the world or in the record, drift written into the shape of the configuration.
   * A field left out cannot be observed: the declared value stays.
   */
  readonly input: ValueObject;
  readonly output: ValueObject;
  readonly warnings?: readonly string[];
}

/** A thing that the same apply removes before the turn of the one in hand. */
export interface Gone {
  readonly contract: string;
  readonly id: string;
}

/** Whether the same apply removes a thing of a contract (of any, where it is left out) before the turn of the one in hand. */
export type Goes = (id: string, contract?: string) => boolean;

/** What a preflight is handed. */
export interface PlanContext extends Context {
  /**
   * What this engine has planned for a thing that does not exist yet, or is about to be replaced: its state after that,
   * canonical, UNKNOWN for what only the apply tells, without secrets. Null where nothing of the kind is planned.
   */
  readonly declared: (contract: string, id: string) => ValueObject | null;
  /** The same of a thing that is only to be changed as well. Null where this engine has planned no change of it. */
  readonly intended: (contract: string, id: string) => ValueObject | null;
  readonly goes: Goes;
  /** Whether the caller keeps the thing in a state of its own: what it plans as a create replaces that. */
  readonly isHeld: boolean;
  /** The caller imported the thing and is to take it over before anything is done: that guestkit did not make it forbids nothing. */
  readonly isImported: boolean;
}

/** What a remark is made on. */
export interface Planned {
  readonly prior: ValueObject;
  readonly wanted: ValueObject;
  readonly action: Plan["action"];
  readonly changes: readonly Change[];
}

/** What an apply starts from. */
export interface Foreseen {
  /** The thing as it was seen; null where it is to be made. */
  readonly prior: ValueObject | null;
  /** Fields that change, or that the world has changed; all of them where it is to be made. */
  readonly touched: ReadonlySet<string>;
  readonly settings: Settings;
}

/**
 * What makes a resource real. Inputs come in canonical form: every field present, sizes in bytes, host paths absolute;
 * secrets only in `create` and `update`.
 */
export interface ResourceImplementation {
  /** Further rules over a declaration; pure, values may be UNKNOWN. */
  validate?(input: ValueObject): readonly Diagnostic[] | Promise<readonly Diagnostic[]>;
  /** What an apply will make of outputs, and of inputs that are left to it; pure. What is left out is not foreseen. */
  predict?(input: ValueObject, now: Foreseen): ValueObject;
  /** Another verdict on one change than its field's policy gives; pure. */
  judge?(change: Change, prior: ValueObject): { readonly policy: Change["policy"]; readonly warning?: string } | null;
  /** What a plan is to say of a thing that is there as it was seen, also where there is nothing to do; pure. */
  remark?(planned: Planned): readonly Diagnostic[];
  /** Looks at the world before an apply, also where that has nothing to do; gives diagnostics, never values. */
  preflight?(plan: Plan, input: ValueObject | null, context: PlanContext): Promise<readonly Diagnostic[]>;
  /**
   * The host path that stands for the thing: its lock lies beside it. The id itself where left out.
   */
  place?(id: string, settings: Settings): string;
  /** The path beside which the thing's record lies; its place where left out. */
  anchor?(id: string, settings: Settings): string;
  /** Whether what is made is for its owner alone while it is made. Left out: whether the declaration holds secrets. */
  isPrivate?(input: ValueObject): boolean;
  /** Whether guestkit made the thing or was told to take it over. Left out: whether it has a record. */
  isOurs?(id: string, context: Context): Promise<boolean>;
  /** The ids of all that are on this host, where the contract's `listing` says: in canonical form. */
  list?(where: ValueObject, context: Context): Promise<readonly string[]>;
  /** How it is logged in to from this host; null where it cannot be now. */
  wayIn?(id: string, context: Context): Promise<SshTarget | null>;
  /** The thing as it is; null where there is none. */
  observe(id: string, context: Context): Promise<Observed | null>;
  /** Makes it. With `replacing` the thing that stands there is ours and is to be replaced atomically. */
  create(input: ValueObject, options: { readonly replacing: boolean }, context: Context): Promise<void>;
  update(id: string, input: ValueObject, changes: readonly Change[], context: Context): Promise<void>;
  remove(id: string, context: Context): Promise<void>;
  /** Takes a thing that guestkit did not make into its care (import). */
  adopt?(id: string, context: Context): Promise<void>;
}

/** Of a query, a secret or a function. */
export interface QueryImplementation {
  read(input: ValueObject, context: Context): Promise<ValueObject>;
}

export interface ActionResult {
  readonly changed: boolean;
  readonly before?: string | null;
  readonly after?: string | null;
  readonly output: ValueObject;
}

export interface ActionImplementation {
  /** With `check` nothing is changed, and the result tells what would be. */
  run(input: ValueObject, options: { readonly check: boolean }, context: Context): Promise<ActionResult>;
}

export type Implementation = ResourceImplementation | QueryImplementation | ActionImplementation;

/** Contract name -> its implementation, loaded when first used. */
export interface Implementations {
  readonly resources: Readonly<Record<string, () => Promise<ResourceImplementation>>>;
  readonly queries: Readonly<Record<string, () => Promise<QueryImplementation>>>;
  readonly actions: Readonly<Record<string, () => Promise<ActionImplementation>>>;
}
