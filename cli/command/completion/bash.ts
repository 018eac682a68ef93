import type { Command } from "../command.ts";
import { MACHINES, nextWords } from "./tree.ts";

/** For bash, with or without the bash-completion package. */
export function bash(commands: readonly Command[]): string {
  return `# guestkit completion for bash: eval "$(guestkit completion bash)"
_guestkit_machines() {
  local each folder=${MACHINES}
  for each in "$folder"/*/; do [ -d "$each" ] && basename "$each"; done
}
_guestkit() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  local verb="" next="" words="" choices="" valued="" machine=-1 from=1 at=0 each
  COMPREPLY=()
  while :; do
    next=""
    case "$verb" in
${[...nextWords(commands)]
  .map(([before, next]) =>
    nextCase(
      before,
      next.map(({ word }) => word),
    ),
  )
  .join("\n")}
    esac
    [ -n "$next" ] || break
    if [ "$COMP_CWORD" -eq "$from" ]; then
      COMPREPLY=($(compgen -W "$next --help" -- "$word"))
      return
    fi
    verb="\${verb:+$verb }\${COMP_WORDS[from]}"
    from=$((from + 1))
  done
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

function nextCase(before: string, next: readonly string[]): string {
  const words = before === "" ? [...next, "--version"] : next;
  return `      "${before}") next="${words.join(" ")}" ;;`;
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
  const choices = positionals.flatMap((each) => each.choices ?? each.suggestions ?? []).join(" ");
  const valued = Object.entries(options).flatMap(([option, { kind, short }]) =>
    kind === "value" ? [`--${option}`, ...(short ? [`-${short}`] : [])] : [],
  );
  const machine = positionals.findIndex((each) => each.machine);
  return `    "${name}") words="${flags}"; choices="${choices}"; valued="${valued.join(" ")}"; machine=${machine} ;;`;
}
