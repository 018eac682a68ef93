import type { Context } from "@guestkit/core/kit";
import {
  DEFAULT_TIMEOUT,
  defaultParallel,
  demandSelection,
  type ForEachResult,
  forEachMachine,
  selectMachines,
  summaryOf,
} from "@guestkit/core/machine";
import { createEngine } from "@guestkit/core/resource";
import { demandAgreement } from "../../command/ask.ts";
import { EXIT, type Invocation } from "../../command/command.ts";
import { help } from "../../command/help.ts";
import { usage } from "../../command/parse.ts";
import { progressDisplay } from "../../output/progress.ts";
import { writeOut } from "../../output/stdout.ts";
import { note } from "../place.ts";
import { type Report, reportForPeople, reportInJson } from "./foreach-report.ts";
import { type ToDo, whatToDo } from "./foreach-verb.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { command, flags, signal, positionals } = invocation;
  // Its arguments may be anything: what looks like a wish for help is one, and no order.
  if (flags.has("help")) {
    writeOut(help(command));
    return EXIT.done;
  }
  const toDo = whatToDo(positionals, command, signal);
  if ("help" in toDo) {
    writeOut(toDo.help);
    return EXIT.done;
  }
  const limits = limitsOf(invocation);
  const engine = createEngine();
  const context: Context = { signal, settings: engine.settings, progress: () => {} };
  const selection = selectionOf(invocation);
  if (!flags.has("dry-run")) demandSelection(toDo.verb, selection);
  const machines = await selectMachines(selection, context);
  if (machines.length === 0) {
    note("no machine is selected: nothing to do");
    return EXIT.done;
  }
  await demandAgreement(toDo.verb.contract, toDo.input, invocation, machines);
  const results = await doAll({ invocation, engine, toDo, machines, ...limits });
  return endWith(signal.aborted ? EXIT.interrupted : results.every(({ ok }) => ok) ? EXIT.done : EXIT.failed, results);
}

interface All {
  readonly invocation: Invocation;
  readonly engine: ReturnType<typeof createEngine>;
  readonly toDo: ToDo;
  readonly machines: readonly string[];
  readonly parallel: number;
  readonly timeout: number;
}

async function doAll({ invocation, engine, toDo, ...more }: All): Promise<readonly ForEachResult[]> {
  const { flags, signal } = invocation;
  const check = flags.has("dry-run");
  using display = progressDisplay();
  const report: Report = flags.has("json") ? reportInJson() : reportForPeople(toDo.verb.contract, check);
  const results: ForEachResult[] = [];
  const reader = new AbortController();
  const what = { ...toDo, ...more, check, failFast: flags.has("fail-fast") };
  await forEachMachine(engine, what, {
    signal: AbortSignal.any([signal, reader.signal]),
    onProgress: (name, event) => display.showFor(name)(event),
    onResult: (result) => {
      results.push(result);
      display.clear();
      // Where nobody reads any more, nothing more is done.
      attempt(() => report.tell(result), reader);
    },
  });
  display.clear();
  reader.signal.throwIfAborted();
  report.end(results, summaryOf(results));
  return results;
}

function attempt(tell: () => void, reader: AbortController): void {
  try {
    tell();
  } catch (error) {
    reader.abort(error);
  }
}

/** An action that did not heed its end must not keep the process: programs that it started die with it. */
function endWith(code: number, results: readonly ForEachResult[]): number {
  const cut = results.some(({ outcome }) => outcome === "timed out" || outcome === "interrupted");
  if (cut) setTimeout(() => process.exit(code), LAST_WORDS).unref();
  return code;
}

/** What was stopped in an orderly way gives its locks back first (ms). */
const LAST_WORDS = 200;

function selectionOf({ lists, command }: Invocation) {
  const labels = (lists.label ?? []).map((each) => {
    const at = each.indexOf("=");
    if (at === 0 || each === "") throw usage(command, `--label must be KEY=VALUE, not "${each}"`);
    return at < 0 ? [each, "*"] : [each.slice(0, at), each.slice(at + 1)];
  });
  return { names: lists.select ?? [], labels: Object.fromEntries(labels), statuses: lists.status ?? [] };
}

const MOST_PARALLEL = 64;
/** A week: longer ones are no limits. */
const MOST_SECONDS = 604_800;

function limitsOf({ values, command }: Invocation): { readonly parallel: number; readonly timeout: number } {
  const parallel = Number(values.parallel ?? defaultParallel());
  const timeout = Number(values.timeout ?? DEFAULT_TIMEOUT);
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > MOST_PARALLEL)
    throw usage(command, `--parallel must be a number from 1 to ${MOST_PARALLEL}, not "${values.parallel}"`);
  if (!(timeout >= 0 && timeout <= MOST_SECONDS))
    throw usage(command, `--timeout must be a number of seconds up to ${MOST_SECONDS}, not "${values.timeout}"`);
  return { parallel, timeout };
}
