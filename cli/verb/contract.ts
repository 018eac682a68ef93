import { type Contract, contractOf, type ValueObject } from "@guestkit/core/model";
import { createEngine } from "@guestkit/core/resource";
import { EXIT, type Invocation } from "../command/command.ts";
import { inputOf } from "../contract/input.ts";
import { answerText } from "../contract/show.ts";
import { progressDisplay } from "../output/progress.ts";
import { writeOut } from "../output/stdout.ts";
import { note } from "./place.ts";

/** Any verb that a query or an action declares: its options are the input, its answer is the output. */
export async function run(invocation: Invocation): Promise<number> {
  const contract = contractOf(invocation.command.contract ?? "");
  const json = invocation.flags.has("json");
  const output = await ask(contract, invocation);
  writeOut(answerText(contract, output, json));
  const code = contract.aliases.cli?.exitCode;
  return code !== undefined && typeof output[code] === "number" ? output[code] : EXIT.done;
}

async function ask(contract: Contract, invocation: Invocation): Promise<ValueObject> {
  const { flags, signal } = invocation;
  const input = inputOf(contract, invocation);
  const engine = createEngine();
  using display = progressDisplay();
  const options = { signal, progress: display.show };
  if (contract.kind === "query") return own(contract, await engine.query(contract, input, options));
  const check = flags.has("dry-run");
  const { changed, before, after, output } = await engine.action(contract, input, { ...options, check });
  display.clear();
  if (!flags.has("json")) tell(check, changed, before ?? null, after ?? null);
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
