import { type MachineVerb, machineVerbs, withoutName } from "@guestkit/core/machine";
import type { ValueObject } from "@guestkit/core/model";
import type { Command } from "../../command/command.ts";
import { help } from "../../command/help.ts";
import { parse, usage } from "../../command/parse.ts";
import { inputOf } from "../../contract/input.ts";
import { fieldOptions, positionalFields, positionalOf } from "../../contract/options.ts";

/** What is done with each machine. */
export interface ToDo {
  readonly verb: MachineVerb;
  /** But for the machine's name. */
  readonly input: ValueObject;
}

/** The verb and its input from the words after `vm foreach`, or the verb's help. Throws `E_USAGE`. */
export function whatToDo(
  words: readonly string[],
  asked: Command,
  signal: AbortSignal,
): ToDo | { readonly help: string } {
  const { verb, rest } = verbOf(words, asked);
  const contract = withoutName(verb);
  const command = commandFor(verb, contract);
  const parsed = parse(command, rest[0] === "--" ? rest.slice(1) : rest, signal);
  return parsed.flags.has("help") ? { help: help(command) } : { verb, input: inputOf(contract, parsed) };
}

/** A verb has one word or more: the most that make one. */
function verbOf(words: readonly string[], asked: Command) {
  const all = machineVerbs();
  for (let count = words.length; count > 0; count--) {
    const verb = all.find(({ word }) => word === words.slice(0, count).join(" "));
    if (verb) return { verb, rest: words.slice(count) };
  }
  const known = all.map(({ word }) => word).join(", ");
  throw usage(asked, `"${words[0]}" is no verb of one machine that needs no terminal; there are: ${known}`);
}

/** The command line of a verb without its NAME. */
function commandFor({ word }: MachineVerb, contract: ReturnType<typeof withoutName>): Command {
  const options = fieldOptions(contract).map((each) => [each.name, each.option] as const);
  return {
    name: `vm ${word}`,
    group: "Machines",
    summary: contract.summary,
    details: "As vm foreach takes it: without the machine's name.",
    positionals: positionalFields(contract).map((field) => positionalOf(field, [])),
    options: Object.fromEntries(options),
    examples: [],
    load: () => import("./foreach.ts"),
  };
}
