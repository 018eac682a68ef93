import type { ActionResult } from "../../../engine/implementation.ts";
import { asGuestkitError, GuestkitError } from "../../../kit/errors.ts";
import type { Contract } from "../../../model/contract.ts";
import type { ValueObject } from "../../../model/value.ts";
import { calmAnswer, calmText } from "./answer.ts";
import type { Ending } from "./pool.ts";
import type { MachineVerb } from "./verbs.ts";

export type Outcome = "done" | "failed" | "timed out" | "interrupted" | "not started";

/** What came of one machine. What the machine itself says is bounded and without terminal sequences. */
export interface ForEachResult {
  readonly name: string;
  readonly verb: string;
  readonly outcome: Outcome;
  readonly ok: boolean;
  readonly changed: boolean;
  /**
   * What the verb on this machine alone would have exited with; 124 where its time was over (as timeout(1)), 130 where it
   * was interrupted. Null where it was never begun.
   */
  readonly exit_code: number | null;
  /** Seconds. */
  readonly duration: number;
  /** States before and after, where the verb tells them. */
  readonly before: string | null;
  readonly after: string | null;
  /** The verb's own answer; null where there is none. */
  readonly output: ValueObject | null;
  readonly error: { readonly code: string; readonly message: string; readonly help: string | null } | null;
}

const FAILED = 1;
/** guestkit itself failed while running a command in a guest. */
const NOT_RUN = 125;
const TIMED_OUT = 124;
const INTERRUPTED = 130;

export function resultOf(
  verb: MachineVerb,
  name: string,
  ending: Ending<ActionResult>,
  durationMs: number,
  timeout: number,
): ForEachResult {
  const about = { name, verb: verb.word, duration: Math.round(durationMs) / 1000 };
  switch (ending.kind) {
    case "done":
      return { ...about, ...done(verb.contract, ending.value) };
    case "failed": {
      const code = exitField(verb.contract) === null ? FAILED : NOT_RUN;
      return { ...about, ...undone("failed", code, asGuestkitError(ending.error)) };
    }
    case "timed out":
      return { ...about, ...undone("timed out", TIMED_OUT, late(about, timeout, ending.abandoned)) };
    case "interrupted":
      return { ...about, ...undone("interrupted", INTERRUPTED, asGuestkitError(new DOMException("", "AbortError"))) };
    case "not started":
      return { ...about, ...undone("not started", null, null) };
  }
}

type Rest = Omit<ForEachResult, "name" | "verb" | "duration">;

function done(contract: Contract, { changed, before, after, output }: ActionResult): Rest {
  const field = exitField(contract);
  const exit_code = Number((field !== null && output[field]) || 0);
  const ok = exit_code === 0;
  return {
    outcome: ok ? "done" : "failed",
    ok,
    changed,
    exit_code,
    before: before ?? null,
    after: after ?? null,
    output: calmAnswer(output),
    error: null,
  };
}

function undone(outcome: Outcome, exit_code: number | null, error: GuestkitError | null): Rest {
  const told = error && {
    code: error.code,
    message: calmText(error.message),
    help: error.help === undefined ? null : calmText(error.help),
  };
  return { outcome, ok: false, changed: false, exit_code, before: null, after: null, output: null, error: told };
}

/** The output that is the verb's exit code, where it runs a command in a guest. */
function exitField({ aliases, output }: Contract): string | null {
  return aliases.cli?.exitCode ?? output.find(({ name }) => name === "exit_code")?.name ?? null;
}

function late(about: { name: string; verb: string }, timeout: number, abandoned: boolean): GuestkitError {
  const { name, verb } = about;
  const rest = abandoned ? ", and does not heed that it was told to stop" : "";
  return new GuestkitError(
    "E_FOREACH_TIMEOUT",
    `Cannot finish vm ${verb} of "${name}": not done in ${timeout} s${rest}`,
    {
      help: `See how it is: guestkit vm status ${name}`,
    },
  );
}

/** How many came to which end. */
export interface Summary {
  readonly machines: number;
  readonly done: number;
  readonly changed: number;
  readonly failed: number;
  readonly timed_out: number;
  readonly interrupted: number;
  readonly not_started: number;
}

export function summaryOf(results: readonly ForEachResult[]): Summary {
  const count = (outcome: Outcome) => results.filter((each) => each.outcome === outcome).length;
  return {
    machines: results.length,
    done: count("done"),
    changed: results.filter(({ changed }) => changed).length,
    failed: count("failed"),
    timed_out: count("timed out"),
    interrupted: count("interrupted"),
    not_started: count("not started"),
  };
}
