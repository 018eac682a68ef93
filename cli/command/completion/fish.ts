import type { Command, Option } from "../command.ts";
import { treeOf, verbOf } from "./tree.ts";

/** For fish: `guestkit completion fish | source`. */
export function fish(commands: readonly Command[]): string {
  const { single, groups } = treeOf(commands);
  const first = single.map(
    ({ name, summary }) => `complete -c guestkit -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
  );
  const grouped = [...groups].flatMap(([group, verbs]) => [
    `complete -c guestkit -n __fish_use_subcommand -f -a ${group} -d ${quote(`${group} VERB`)}`,
    ...verbs.map((each) => groupVerb(group, verbs, each)),
  ]);
  return `# guestkit completion for fish
function __guestkit_machines
    set -l folder $GUESTKIT_DATA_DIR
    test -n "$folder"; or set folder (test -n "$XDG_DATA_HOME"; and echo $XDG_DATA_HOME; or echo $HOME/.local/share)/guestkit
    for each in $folder/machines/*/
        basename $each
    end
end
${[...first, ...grouped].join("\n")}
${commands.flatMap(verbLines).join("\n")}
`;
}

function groupVerb(group: string, verbs: readonly Command[], each: Command): string {
  const others = verbs.map(verbOf).join(" ");
  const when = `__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${others}`;
  return `complete -c guestkit -n '${when}' -f -a ${verbOf(each)} -d ${quote(each.summary)}`;
}

function verbLines({ name, options, positionals }: Command): string[] {
  const seen = name
    .split(" ")
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join("; and ");
  const base = `complete -c guestkit -n '${seen}'`;
  const choices = positionals.flatMap((each) => each.choices ?? []);
  const flags = Object.entries(options).map(([option, each]) => `${base} ${optionPart(option, each)}`);
  const machines = positionals.some((each) => each.machine) ? [`${base} -f -a '(__guestkit_machines)'`] : [];
  return [...flags, ...machines, ...(choices.length > 0 ? [`${base} -f -a ${quote(choices.join(" "))}`] : [])];
}

function optionPart(name: string, { kind, short, description, choices, file }: Option): string {
  const value = kind === "flag" ? "" : choices ? `-x -a ${quote(choices.join(" "))}` : file ? "-r -F" : "-x";
  return ["-l", name, short && `-s ${short}`, value, "-d", quote(description)].filter(Boolean).join(" ");
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
