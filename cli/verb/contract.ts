import { asGuestkitError } from "@guestkit/core/kit";
import { type Contract, contractOf, type ValueObject } from "@guestkit/core/model";
import { createEngine } from "@guestkit/core/resource";
import { demandAgreement } from "../command/ask.ts";
import { EXIT, type Invocation } from "../command/command.ts";
import { inputOf } from "../contract/input.ts";
import { answerText } from "../contract/show.ts";
import { printError } from "../output/error.ts";
import { progressDisplay } from "../output/progress.ts";
import { writeOut } from "../output/stdout.ts";
import { note } from "./place.ts";

/** Any verb that a query or an action declares: its options are the input, its answer is the output. */
export async function run(invocation: Invocation): Promise<number> {
  const contract = contractOf(invocation.command.contract ?? "");
  const json = invocation.flags.has("json");
  const output = await ask(contract, invocation).catch((error) => ownFailure(contract, error, json));
  if (typeof output === "number") return output;
  writeOut(answerText(contract, output, json));
  const code = contract.aliases.cli?.exitCode;
  return code !== undefined && typeof output[code] === "number" ? output[code] : EXIT.done;
}

/** guestkit itself failed where an action's own exit codes are passed on. */
const FAILED = 125;

/** The exit code of a failure that cannot be taken for an answer. Throws what main turns into the usual ones. */
function ownFailure({ kind, aliases }: Contract, error: unknown, json: boolean): number {
  const { code } = asGuestkitError(error);
  if (kind !== "action" || aliases.cli?.exitCode === undefined || USUAL.includes(code)) throw error;
  printError(error, json);
  return FAILED;
}

/** A command line that makes no sense, and Ctrl-C. */
const USUAL = ["E_USAGE", "E_INTERRUPTED"];

async function ask(contract: Contract, invocation: Invocation): Promise<ValueObject> {
  const { flags, signal } = invocation;
  const input = inputOf(contract, invocation);
  await demandAgreement(contract, input, invocation);
  const engine = createEngine();
  using display = progressDisplay();
  const options = { signal, progress: display.show };
  if (contract.kind === "query") return own(contract, await engine.query(contract, input, options));
  const check = flags.has("dry-run");
  const { changed, before, after, output } = await engine.action(contract, input, { ...options, check });
  display.clear();
  const isAnswer = contract.aliases.cli?.exitCode !== undefined;
  if (!flags.has("json") && !isAnswer) tell(check, changed, before ?? null, after ?? null);
  return flags.has("json") ? { changed, ...output } : output;
}

/** A query answers its input as well, which is known here. */
function own({ output }: Contract, answer: ValueObject): ValueObject {
  return Object.fromEntries(output.map(({ name }) => [name, answer[name] ?? null]));
}

function tell(check: boolean, changed: boolean, before: string | null, after: string | null): void {
  if (!changed) note("nothing to do");
  else if (check)
    note(`would change${before === null && after === null ? "" : `: ${before ?? "-"} -> ${after ?? "-"}`}`);
}
