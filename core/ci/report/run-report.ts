import type { CommitFacts } from "../git/commit.ts";
import type { Signer } from "../verify/index.ts";

export type StepResult = "passed" | "unchanged" | "skipped" | "failed" | "refused" | "interrupted";
export type RunResult = Exclude<StepResult, "skipped"> | "running";

export interface StepReport {
  /** `fetch`, `verify`, `check out`, `plan`, `apply`, `recycle web`, `provision web`. */
  readonly name: string;
  readonly result: StepResult;
  /** ISO 8601. */
  readonly started_at: string;
  readonly seconds: number;
  /** What it did, or why it failed: bounded, without secrets. */
  readonly detail: string;
}

export interface CheckReport {
  readonly name: string;
  /** Null: on the host. */
  readonly machine: string | null;
  readonly result: "passed" | "failed";
  /** Null where it did not come to its end. */
  readonly exit_code: number | null;
  readonly expected: number;
  readonly seconds: number;
  /** The end of what it said. */
  readonly output: string;
}

/** `status.json`. */
export interface RunReport {
  readonly format_version: 1;
  /** Names the run: its start, sortable. */
  readonly id: string;
  readonly job: string;
  readonly result: RunResult;
  /** Of the command; null while it runs. */
  readonly exit_code: 0 | 1 | null;
  /** Why it failed or was refused. */
  readonly reason: { readonly code: string; readonly message: string; readonly help: string | null } | null;
  readonly repository: string;
  readonly ref: string;
  readonly commit: (CommitFacts & { readonly id: string }) | null;
  /** The last commit that was accepted before. */
  readonly previous_commit: string | null;
  readonly signer: (Signer & { readonly by: "commit" | "tag" }) | null;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly steps: readonly StepReport[];
  readonly changes: readonly { readonly address: string; readonly action: string }[];
  readonly checks: readonly CheckReport[];
  readonly log: string;
}
