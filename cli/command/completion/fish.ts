import type { Command, Option } from "../command.ts";

/** For fish: `guestkit completion fish | source`. */
export function fish(commands: readonly Command[]): string {
  const verbs = commands.map(
    ({ name, summary }) => `complete -c guestkit -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
  );
  return `# guestkit completion for fish
${verbs.join("\n")}
${commands.flatMap(verbLines).join("\n")}
`;
}

function verbLines({ name, options, positionals }: Command): string[] {
  const base = `complete -c guestkit -n '__fish_seen_subcommand_from ${name}'`;
  const choices = positionals.flatMap((each) => each.choices ?? []);
  const flags = Object.entries(options).map(([option, each]) => `${base} ${optionPart(option, each)}`);
  return [...flags, ...(choices.length > 0 ? [`${base} -f -a ${quote(choices.join(" "))}`] : [])];
}

function optionPart(name: string, { kind, short, description, choices, file }: Option): string {
  const value = kind === "flag" ? "" : choices ? `-x -a ${quote(choices.join(" "))}` : file ? "-r -F" : "-x";
  return ["-l", name, short && `-s ${short}`, value, "-d", quote(description)].filter(Boolean).join(" ");
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
