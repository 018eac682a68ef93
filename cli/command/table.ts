import { schemas } from "../generated/schemas.ts";
import declared from "../generated/verbs.json" with { type: "json" };
import type { Command } from "./command.ts";
import { declareCommands } from "./declare.ts";
import { machineCommands } from "./machine.ts";
import { machinesCommands } from "./machines.ts";
import { HOST } from "./options.ts";
import { readCommands } from "./read.ts";
import { serviceCommands } from "./service.ts";

/** A machine is looked at, run, worked in, kept; several at once, and those for a moment, come after it. */
const ORDER: readonly string[] = [
  ...["list", "status", "check", "up", "stop", "restart", "suspend", "resume", "kill", "destroy"],
  ...["ssh", "ssh-config", "connect", "exec", "run", "cp", "rsync", "mount", "umount", "console", "logs", "screenshot"],
  ...["provision", "upgrade", "recycle", "rename", "snapshot", "foreach", "top"],
  ...["disposable", "disposable-run", "mat", "pdf-cleaner", "clamav"],
];

/** Every verb, in the order of the overview. */
export const commands: readonly Command[] = tableWith(
  declared as unknown as readonly Omit<Command, "load">[],
  Object.keys(schemas),
);

/** The table with these verbs of contracts, and these schemas: `npm run generate` documents them before they are written. */
export function tableWith(verbs: readonly Omit<Command, "load">[], names: readonly string[]): readonly Command[] {
  const load: Command["load"] = () => import("../verb/contract.ts");
  const create = verbs.find(({ name }) => name === "create");
  const fromContracts = verbs.filter((each) => each !== create).map((each) => ({ ...each, load }));
  const ofSeveral = machinesCommands.map((each) => withVerbs(each, fromContracts));
  const grouped = [...fromContracts, ...machineCommands, ...ofSeveral].toSorted((a, b) => rank(a) - rank(b));
  const all = [...readCommands, ...grouped, ...declareCommands(create?.options ?? {}), ...serviceCommands(names)];
  return all.map(withHost);
}

/** Of what runs on another host as well as here. */
function withHost(command: Command): Command {
  if (command.here !== undefined || command.group === "For programs and shells") return command;
  return { ...command, options: { ...command.options, host: HOST } };
}

/** Shells offer the verbs of one machine where one of them is wanted. */
function withVerbs(command: Command, fromContracts: readonly Command[]): Command {
  const plain = fromContracts.filter(({ positionals: [first] }) => first?.machine && !first.optional);
  const byHand = machineCommands.filter(({ contract }) => contract !== undefined);
  const words = [...plain, ...byHand].map(({ name }) => name.split(" ")[1] ?? "");
  const positionals = command.positionals.map((each) =>
    each.name === "VERB" ? { ...each, suggestions: [...new Set(words)].toSorted() } : each,
  );
  return { ...command, positionals };
}

function rank({ name }: Pick<Command, "name">): number {
  const at = ORDER.indexOf(name.split(" ")[1] ?? "");
  return at < 0 ? ORDER.length : at;
}

export function commandOf(name: string): Command | undefined {
  return commands.find((each) => each.name === name);
}

/** The verbs of a group: `vm` has `vm stop`. */
export function commandsOf(group: string): readonly Command[] {
  return commands.filter((each) => each.name.startsWith(`${group} `));
}
