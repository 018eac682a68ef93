import { GuestkitError } from "../../../kit/errors.ts";
import { suggestion } from "../../../kit/nearest.ts";
import type { Contract, Field } from "../../../model/contract.ts";
import { contracts } from "../../../model/index.ts";

/** A contract that is about one machine, as a verb of it. */
export interface MachineVerb {
  /** As after `guestkit vm`: `stop`, `snapshot take`. */
  readonly word: string;
  readonly contract: Contract;
}

const isAboutOne = ({ kind, input, interactive }: Contract): boolean =>
  kind !== "resource" &&
  !interactive &&
  input.some(({ name, refersTo, required }) => name === "name" && refersTo === "virtual_machine" && required);

/** Every verb that one machine has, sorted. */
export function machineVerbs(): readonly MachineVerb[] {
  return contracts
    .filter(isAboutOne)
    .map((contract) => ({ word: wordOf(contract), contract }))
    .toSorted((a, b) => (a.word < b.word ? -1 : 1));
}

function wordOf({ name, aliases }: Contract): string {
  const spoken = aliases.cli?.name;
  return spoken?.startsWith("vm ") ? spoken.slice(3) : name.replace(/^vm_/, "").replaceAll("_", " ");
}

/** A verb by its word or by its contract's name. Throws `E_FOREACH_VERB`, which names those that there are. */
export function machineVerb(wanted: string): MachineVerb {
  const all = machineVerbs();
  const found = all.find(({ word, contract }) => word === wanted || contract.name === wanted);
  if (found) return found;
  const words = all.map(({ word }) => word);
  throw new GuestkitError("E_FOREACH_VERB", `Cannot do "${wanted}" with each machine: there is no such verb`, {
    help: `${suggestion(wanted, words)}There are: ${words.join(", ")}.`,
  });
}

/** The input fields of a verb beside the machine's name. */
export const fieldsBeside = ({ contract }: MachineVerb): readonly Field[] =>
  contract.input.filter(({ name }) => name !== "name");

/**
 * The contract as it is asked for each of several machines: without the name. Where it says nothing of arguments, those
 * that it cannot do without are, and a program's own.
 */
export function withoutName(verb: MachineVerb): Contract {
  const input = fieldsBeside(verb);
  const { aliases } = verb.contract;
  const spoken = aliases.cli?.positional?.filter((each) => each !== "name");
  const needed = input.filter(({ name, required }) => required || name === "args").map(({ name }) => name);
  const positional = spoken ?? needed;
  return { ...verb.contract, input, aliases: { ...aliases, cli: { ...aliases.cli, positional } } };
}
