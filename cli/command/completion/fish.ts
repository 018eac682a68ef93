import type { Command, Option } from "../command.ts";
import { nextWords } from "./tree.ts";

/** For fish: `guestkit completion fish | source`. */
export function fish(commands: readonly Command[]): string {
  const words = [...nextWords(commands)].flatMap(([before, next]) =>
    next.map(
      ({ word, summary }) => `complete -c guestkit -n "__guestkit_at '${before}'" -f -a ${word} -d ${quote(summary)}`,
    ),
  );
  return `# guestkit completion for fish
function __guestkit_at
    set -l words (commandline -opc)
    set -e words[1]
    test "$words[1]" = help; and set -e words[1]
    test "$words" = "$argv[1]"
end
function __guestkit_in
    set -l words (commandline -opc)
    set -e words[1]
    string match -q -- "$argv[1] *" "$words "
end
function __guestkit_machines
    set -l folder $GUESTKIT_DATA_DIR
    test -n "$folder"; or set folder (test -n "$XDG_DATA_HOME"; and echo $XDG_DATA_HOME; or echo $HOME/.local/share)/guestkit
    for each in $folder/machines/*/
        basename $each
    end
end
function __guestkit_listed
    set -l words (commandline -opc)
    guestkit $argv (string match -v -- '-*' $words[(math 2 + (count $argv))..-1]) 2>/dev/null | awk 'NR > 1 { print $1 }'
end
complete -c guestkit -n "__guestkit_at ''" -f -a help -d 'Show help'
${words.join("\n")}
${commands.flatMap(verbLines).join("\n")}
`;
}

function verbLines({ name, options, positionals }: Command): string[] {
  const base = `complete -c guestkit -n "__guestkit_in '${name}'"`;
  const choices = positionals.flatMap((each) => each.choices ?? each.suggestions ?? []);
  const flags = Object.entries(options).map(([option, each]) => `${base} ${optionPart(option, each)}`);
  const machines = positionals.some((each) => each.machine) ? [`${base} -f -a '(__guestkit_machines)'`] : [];
  const remote = positionals.some((each) => each.remote) ? [`${base} -F -a '(__guestkit_machines):'`] : [];
  const listed = positionals.flatMap(({ listedBy }) =>
    listedBy ? [`${base} -f -a '(__guestkit_listed ${listedBy})'`] : [],
  );
  return [
    ...flags,
    ...machines,
    ...remote,
    ...listed,
    ...(choices.length > 0 ? [`${base} -f -a ${quote(choices.join(" "))}`] : []),
  ];
}

function optionPart(name: string, { kind, short, description, choices, commas, file }: Option): string {
  const words = choices?.join(" ");
  const offered = commas ? `(__fish_complete_list , 'string split " " "${words}"')` : (words ?? "");
  const value = kind === "flag" ? "" : words ? `-x -a ${quote(offered)}` : file ? "-r -F" : "-x";
  return ["-l", name, short && `-s ${short}`, value, "-d", quote(description)].filter(Boolean).join(" ");
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
