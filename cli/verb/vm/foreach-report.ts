import type { ForEachResult, summaryOf } from "@guestkit/core/machine";
import type { Contract } from "@guestkit/core/model";
import { answerText } from "../../contract/show.ts";
import { calm } from "../../output/json.ts";
import { writeOut } from "../../output/stdout.ts";
import { shown, table } from "../../output/table.ts";

type Summary = ReturnType<typeof summaryOf>;

/** Tells each machine as it ends, and all of them at the end. */
export interface Report {
  readonly tell: (result: ForEachResult) => void;
  readonly end: (results: readonly ForEachResult[], summary: Summary) => void;
}

/** An object a line; the summary is no machine, and goes to standard error. */
export function reportInJson(): Report {
  return {
    tell: (result) => writeOut(`${calm(JSON.stringify(result))}\n`),
    end: (_, summary) => void process.stderr.write(`${JSON.stringify({ summary })}\n`),
  };
}

export function reportForPeople(contract: Contract, check: boolean): Report {
  return {
    tell: (result) => writeOut(`${lineOf(result, contract, check)}\n${outputOf(result, contract)}`),
    end: (results, summary) => writeOut(`\n${tableOf(results)}\n${sentenceOf(summary)}\n`),
  };
}

/** `web: stop done, exit code 0, 3.2 s (running -> stopped)` */
function lineOf(result: ForEachResult, contract: Contract, check: boolean): string {
  const { name, verb, exit_code, duration } = result;
  const parts = [
    `${name}: ${verb} ${stateOf(result, contract, check)}`,
    ...(exit_code === null ? [] : [`exit code ${exit_code}`]),
    `${duration.toFixed(1)} s`,
  ];
  const why = whyOf(result);
  return `${parts.join(", ")}${way(result)}${why === "" ? "" : `: ${shown(why)}`}`;
}

function stateOf({ ok, outcome, changed }: ForEachResult, { kind }: Contract, check: boolean): string {
  if (!ok) return outcome;
  if (check && kind === "query") return "would be asked";
  if (check) return changed ? "would be done" : "has nothing to do";
  return changed || kind === "query" ? "done" : "done (nothing to do)";
}

const way = ({ before, after }: ForEachResult): string =>
  before === null || after === null || before === after ? "" : ` (${before} -> ${after})`;

/** The tail of what went wrong, or why there was nothing to do. */
function whyOf({ error, output, ok }: ForEachResult): string {
  if (error) return lastLine(error.message);
  if (!ok) return lastLine(text(output?.stderr)) || lastLine(text(output?.stdout));
  return text(output?.reason);
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
/** Of one line, people see that much (characters). */
const WIDE = 200;
const lastLine = (lines: string): string => (lines.trimEnd().split("\n").at(-1) ?? "").slice(-WIDE);

/** What a command in the guest printed, or a query's answer; each line says whose it is. */
function outputOf({ name, output }: ForEachResult, contract: Contract): string {
  if (!output) return "";
  const isCommand = "exit_code" in output;
  if (!isCommand && contract.kind === "action") return "";
  const said = isCommand ? text(output.stdout) + text(output.stderr) : answerText(contract, output, false);
  const lines = said.trimEnd().split("\n");
  const tail = lines.slice(-MANY).map((line) => `${name} | ${line}\n`);
  const cut = lines.length > MANY ? [`${name} | [${lines.length - MANY} lines before: see --json]\n`] : [];
  return said.trim() === "" ? "" : [...cut, ...tail].join("");
}

/** Lines that people see of one machine. */
const MANY = 200;

function tableOf(results: readonly ForEachResult[]): string {
  const rows = results.map((each) => [
    each.name,
    each.outcome,
    each.changed ? "yes" : "no",
    each.exit_code,
    each.duration.toFixed(1),
    whyOf(each).slice(0, 80),
  ]);
  return table([["MACHINE", "OUTCOME", "CHANGED", "EXIT CODE", "SECONDS", "WHY"], ...rows]);
}

function sentenceOf({ machines, ...counts }: Summary): string {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what.replaceAll("_", " ")}`);
  return `${machines} machine${machines === 1 ? "" : "s"}: ${parts.join(", ")}`;
}
