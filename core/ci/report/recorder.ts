import { appendFileSync } from "node:fs";
import type { Context } from "../../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../../kit/errors.ts";
import { printableLines } from "../../kit/name.ts";
import { timeLimit } from "../../kit/timer.ts";
import type { Redactor } from "../redact.ts";
import { isRefusal } from "../refusal.ts";
import type { StepReport, StepResult } from "./run-report.ts";

/** What a step leaves in the report. */
export interface StepOutcome<T> {
  readonly value: T;
  readonly detail: string;
  /** `passed` where left out. */
  readonly result?: StepResult;
}

const HEAD = 1000;
const TAIL = 3000;

/** Writes down what a run does while it does it: the log's lines, and the report's steps. */
export class Recorder {
  readonly log: string;
  readonly #redactor: Redactor;
  readonly #signal: AbortSignal;
  readonly #progress: Context["progress"];
  readonly #steps: StepReport[] = [];

  constructor(log: string, redactor: Redactor, { signal, progress }: Pick<Context, "signal" | "progress">) {
    this.log = log;
    this.#redactor = redactor;
    this.#signal = signal;
    this.#progress = progress;
  }

  get steps(): readonly StepReport[] {
    return [...this.#steps];
  }

  /** Without secrets and terminal sequences, and no longer than anybody reads. */
  plain(text: string): string {
    const clean = printableLines(this.#redactor.redact(text)).trimEnd();
    if (clean.length <= HEAD + TAIL) return clean;
    return `${clean.slice(0, HEAD)}\n[...]\n${clean.slice(-TAIL)}`;
  }

  say(text: string): void {
    const at = new Date().toISOString();
    const lines = this.plain(text).split("\n");
    appendFileSync(this.log, lines.map((line) => `${at} ${line}\n`).join(""));
  }

  skip(name: string, detail: string): void {
    this.#add({ name, result: "skipped", started_at: new Date().toISOString(), seconds: 0, detail });
  }

  /** Runs a step for so many seconds at most. Throws what it throws, or `E_CI_TIMEOUT`, after it was written down. */
  async step<T>(name: string, seconds: number, work: (signal: AbortSignal) => Promise<StepOutcome<T>>): Promise<T> {
    const started = { at: new Date().toISOString(), tick: performance.now() };
    const timeout = timeLimit(seconds);
    this.say(`${name}: begun`);
    this.#progress({ phase: name });
    const done = (result: StepResult, detail: string) =>
      this.#add({ name, result, started_at: started.at, seconds: since(started.tick), detail });
    try {
      this.#signal.throwIfAborted();
      const { value, detail, result = "passed" } = await work(AbortSignal.any([this.#signal, timeout]));
      done(result, detail);
      return value;
    } catch (thrown) {
      const error = timeout.aborted && !this.#signal.aborted ? late(name, seconds, thrown) : asGuestkitError(thrown);
      done(this.#signal.aborted ? "interrupted" : isRefusal(error) ? "refused" : "failed", error.message);
      throw error;
    }
  }

  #add(step: StepReport): void {
    const plain = { ...step, detail: this.plain(step.detail) };
    this.#steps.push(plain);
    this.say(`${step.name}: ${step.result}${step.detail === "" ? "" : `: ${step.detail}`}`);
  }
}

/** Seconds, to the millisecond. */
export const since = (tick: number) => Math.round(performance.now() - tick) / 1000;

function late(name: string, seconds: number, cause: unknown): GuestkitError {
  return new GuestkitError("E_CI_TIMEOUT", `Cannot finish "${name}": it took longer than ${seconds} s`, {
    cause,
    help: "Give it more time: timeouts in the job's file.",
  });
}
