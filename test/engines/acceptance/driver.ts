import type { ValueObject } from "../../../core/model/value.ts";

export type Action = "none" | "create" | "update" | "replace" | "delete";

/** What an engine said of a plan or an apply. */
export interface Outcome {
  readonly ok: boolean;
  /** What the plan does with the subject; null where it was refused. */
  readonly action: Action | null;
  /** All that a user sees. */
  readonly text: string;
}

/**
 * What an engine is given: one thing of a contract each, by the contract's name and in the contract's own words. Each
 * thing is called `it`, and `${disk_image.it.id}` refers to another one.
 */
export type Declared = Readonly<Record<string, ValueObject>>;

/** What a scenario is about. */
export interface Subject {
  /** The contract whose plan counts. */
  readonly contract: string;
  /** Queries that are asked at each apply, by the contract's name. */
  readonly queries: Declared;
  /** Outputs by name: references to fields of what is declared and asked. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** One engine that carries the same declaration out. */
export interface Driver {
  readonly name: string;
  /** Plans the declaration; null for nothing at all. Nothing is changed. */
  plan(declared: Declared | null): Promise<Outcome>;
  apply(declared: Declared | null): Promise<Outcome>;
  /** Forgets the subject without touching it, and takes the thing of that id over under the declaration. */
  adopt(declared: Declared, id: string): Promise<Outcome>;
  /** The subject's outputs as of the last apply. */
  outputs(): Promise<Readonly<Record<string, unknown>>>;
}

/** Runs a program as the user under test. */
export type Run = (
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
) => Promise<{ readonly code: number; readonly stdout: string; readonly text: string }>;
