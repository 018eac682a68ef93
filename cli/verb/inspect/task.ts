import type { InspectOptions } from "@guestkit/core/inspect";
import type { reportError } from "@guestkit/core/kit";

/** What a thread is asked. */
export interface Task {
  readonly index: number;
  readonly image: string;
  readonly options: Omit<InspectOptions, "signal" | "askKey">;
}

export type ErrorReport = ReturnType<typeof reportError>;

/** A report as JSON, or why there is none. */
export type Outcome =
  | { readonly report: string; readonly error: null }
  | { readonly report: null; readonly error: ErrorReport };

export type Inspection = Outcome & { readonly image: string };
