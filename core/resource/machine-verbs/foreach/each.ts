import type { ActionResult } from "../../../engine/implementation.ts";
import { demand, type EngineFace } from "../../../engine/index.ts";
import type { Progress } from "../../../kit/context.ts";
import { isList, isObject, type Value, type ValueObject } from "../../../model/value.ts";
import { runPool } from "./pool.ts";
import { type ForEachResult, resultOf } from "./result.ts";
import type { MachineVerb } from "./verbs.ts";

/** What is to be done with which machines, and how patiently. */
export interface ForEach {
  readonly verb: MachineVerb;
  /** The verb's input but for the name; `{name}` in a text stands for the machine's name. */
  readonly input: ValueObject;
  readonly machines: readonly string[];
  readonly parallel: number;
  /** Seconds for each machine; 0 for as long as it takes. */
  readonly timeout: number;
  /** After the first failure nothing more is begun. */
  readonly failFast: boolean;
  /** Nothing is changed: told is what would be. */
  readonly check: boolean;
}

export interface ForEachCall {
  readonly signal: AbortSignal;
  readonly onProgress: (name: string, event: Progress) => void;
  /** Each machine's result as it comes; those that were never begun come last. */
  readonly onResult: (result: ForEachResult) => void;
}

/** How long an action that was stopped may take to come to its end (ms): longer than programs have that it ends. */
const GRACE = 4_000;

/**
 * Does one thing with each of several machines, a few at a time. What fails for one, or hangs, is that one's result and
 * hinders no other. Throws for an input that suits no machine.
 */
export async function forEachMachine(engine: EngineFace, what: ForEach, call: ForEachCall): Promise<void> {
  const { verb, machines, parallel, timeout } = what;
  demand(await engine.validate(verb.contract, inputFor(what.input, "name")));
  const work = (name: string, signal: AbortSignal) =>
    act(engine, what, name, { signal, progress: (event) => call.onProgress(name, event) });
  await runPool(machines, work, {
    parallel,
    timeoutMs: timeout > 0 ? timeout * 1000 : null,
    graceMs: GRACE,
    signal: call.signal,
    isLast: (ending) => what.failFast && !resultOf(verb, "", ending, 0, timeout).ok,
    onEnd: (name, ending, durationMs) => call.onResult(resultOf(verb, name, ending, durationMs, timeout)),
  });
}

type Options = NonNullable<Parameters<EngineFace["query"]>[2]>;

async function act(engine: EngineFace, what: ForEach, name: string, options: Options): Promise<ActionResult> {
  const { contract } = what.verb;
  const input = inputFor(what.input, name);
  if (contract.kind === "action") return await engine.action(contract, input, { ...options, check: what.check });
  const answer = what.check ? {} : await engine.query(contract, input, options);
  const told = contract.output.filter((field) => field.name in answer);
  return { changed: false, output: Object.fromEntries(told.map((field) => [field.name, answer[field.name] ?? null])) };
}

const inputFor = (input: ValueObject, name: string): ValueObject => ({ ...(named(input, name) as ValueObject), name });

/** A file that each of them writes must not be the same for all. */
function named(value: Value, name: string): Value {
  if (typeof value === "string") return value.replaceAll("{name}", name);
  if (isList(value)) return value.map((each) => named(each, name));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, named(each, name)]));
}
