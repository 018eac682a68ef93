import type { Command } from "../command.ts";
import { MACHINES, treeOf } from "./tree.ts";

/** For bash, with or without the bash-completion package. */
export function bash(commands: readonly Command[]): string {
  const { single, groups } = treeOf(commands);
  const first = [...single.map(({ name }) => name), ...groups.keys()].join(" ");
  return `# guestkit completion for bash: eval "$(guestkit completion bash)"
_guestkit_machines() {
  local each folder=${MACHINES}
  for each in "$folder"/*/; do [ -d "$each" ] && basename "$each"; done
}
_guestkit() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" verb="\${COMP_WORDS[1]}"
  local words="" choices="" valued="" machine=-1 from=2 at=0 each
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${first} --help --version" -- "$word"))
    return
  fi
  case "$verb" in
${[...groups].map(([group, verbs]) => groupCase(group, verbs)).join("\n")}
  esac
  case "$verb $before" in
${valueCases(commands)}
  esac
  case "$verb" in
${commands.map(verbCase).join("\n")}
  esac
  while [ "$from" -lt "$COMP_CWORD" ]; do
    each="\${COMP_WORDS[from]}"
    case " $valued " in
      *" $each "*) from=$((from + 1)) ;;
      *) [[ "$each" == -* ]] || at=$((at + 1)) ;;
    esac
    from=$((from + 1))
  done
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  elif [ "$at" -eq "$machine" ]; then
    COMPREPLY=($(compgen -W "$(_guestkit_machines)" -- "$word"))
  elif [ -n "$choices" ]; then
    COMPREPLY=($(compgen -W "$choices" -- "$word"))
  else
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$word"))
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _guestkit guestkit
`;
}

function groupCase(group: string, verbs: readonly Command[]): string {
  const names = verbs.map(({ name }) => name.slice(group.length + 1)).join(" ");
  return `    ${group})
      if [ "$COMP_CWORD" -eq 2 ]; then
        COMPREPLY=($(compgen -W "${names} --help" -- "$word"))
        return
      fi
      verb="$verb \${COMP_WORDS[2]}" from=3 ;;`;
}

function valueCases(commands: readonly Command[]): string {
  const cases = commands.flatMap((command) =>
    Object.entries(command.options).flatMap(([name, { choices, kind }]) =>
      kind === "value" && choices
        ? [`    "${command.name} --${name}") COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$word")); return ;;`]
        : [],
    ),
  );
  return cases.join("\n");
}

function verbCase({ name, options, positionals }: Command): string {
  const flags = [...Object.keys(options).map((option) => `--${option}`), "--help"].join(" ");
  const choices = positionals.flatMap((each) => each.choices ?? []).join(" ");
  const valued = Object.entries(options).flatMap(([option, { kind, short }]) =>
    kind === "value" ? [`--${option}`, ...(short ? [`-${short}`] : [])] : [],
  );
  const machine = positionals.findIndex((each) => each.machine);
  return `    "${name}") words="${flags}"; choices="${choices}"; valued="${valued.join(" ")}"; machine=${machine} ;;`;
}
