import { GuestkitError } from "../kit/errors.ts";
import type { ValueObject } from "../model/value.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** Input, output and `id` of a thing, in the user's spelling; write-only fields are null. */
export type State = ValueObject;

/** An apply that failed: `state` is what really exists now. */
export class ApplyError extends GuestkitError {
  readonly state: State | null;

  constructor(error: GuestkitError, state: State | null) {
    super(error.code, error.message, { help: error.help, at: error.at, cause: error.cause });
    this.state = state;
  }
}

/** Throws the first error of a list as a GuestkitError with its field. */
export function demand(diagnostics: readonly Diagnostic[]): void {
  const first = diagnostics.find((each) => each.severity === "error");
  if (first) throw new GuestkitError(first.code, first.message, { help: first.help, at: { field: first.path } });
}
