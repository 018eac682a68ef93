import type { ActionImplementation } from "../../../engine/implementation.ts";
import { isObject, type Value, type ValueObject } from "../../../model/value.ts";
import { createEngine } from "../../index.ts";
import { texts } from "../texts.ts";
import { DEFAULT_TIMEOUT, defaultParallel } from "./defaults.ts";
import { forEachMachine } from "./each.ts";
import { inputFromTexts } from "./input.ts";
import { type ForEachResult, summaryOf } from "./result.ts";
import { demandSelection, type Selection, selectMachines } from "./select.ts";
import { machineVerb } from "./verbs.ts";

const pairs = (value: Value | undefined): ValueObject => (isObject(value) ? value : {});

/** A machine that fails is a result: whoever asks judges by `ok`. */
export const vmForEach: ActionImplementation = {
  run: async (input, { check }, context) => {
    const verb = machineVerb(String(input.verb));
    const given = inputFromTexts(verb, pairs(input.input));
    const selection = selectionOf(input);
    if (!check) demandSelection(verb, selection);
    const results: ForEachResult[] = [];
    const what = {
      verb,
      input: given,
      machines: await selectMachines(selection, context),
      parallel: Number(input.parallel ?? defaultParallel()),
      timeout: Number(input.timeout ?? DEFAULT_TIMEOUT),
      failFast: input.fail_fast === true,
      check,
    };
    await forEachMachine(createEngine({ settings: context.settings }), what, {
      signal: context.signal,
      onProgress: (name, event) => context.progress({ ...event, phase: `${name}: ${event.phase}` }),
      onResult: (result) => results.push(result),
    });
    context.signal.throwIfAborted();
    return { changed: results.some(({ changed }) => changed), output: answerOf(results) };
  },
};

function selectionOf(input: ValueObject): Selection {
  const labels = Object.entries(pairs(input.labels)).map(([key, value]) => [key, String(value)]);
  return { names: texts(input.select), labels: Object.fromEntries(labels), statuses: texts(input.status) };
}

function answerOf(results: readonly ForEachResult[]): ValueObject {
  const { done, failed, timed_out, not_started } = summaryOf(results);
  const rows = results.map(({ output, error, ...rest }) => ({
    ...rest,
    output: output && JSON.stringify(output),
    error: error?.message ?? null,
    error_code: error?.code ?? null,
  }));
  return { ok: results.every(({ ok }) => ok), done, failures: failed + timed_out, not_started, results: rows };
}
