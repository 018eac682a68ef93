import type { ValueObject } from "../../../core/model/value.ts";

export type Action = "none" | "create" | "update" | "replace" | "delete";

/** What an engine said of a plan or an apply. */
export interface Outcome {
  readonly ok: boolean;
  /** What the plan does with the image; null where it was refused. */
  readonly action: Action | null;
  /** All that a user sees. */
  readonly text: string;
}

/** One engine that carries the same declaration of one disk image out. */
export interface Driver {
  readonly name: string;
  /** Plans the declaration; null for no image at all. Nothing is changed. */
  plan(declared: ValueObject | null): Promise<Outcome>;
  apply(declared: ValueObject | null): Promise<Outcome>;
  /** What the engine's own inspection query said at the last apply. */
  inspected(): Promise<{ readonly distro: unknown; readonly hostname: unknown }>;
}

/** Runs a program as the user under test. */
export type Run = (
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
) => Promise<{ readonly code: number; readonly stdout: string; readonly text: string }>;
