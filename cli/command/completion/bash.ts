import type { Command } from "../command.ts";
import { MACHINES, nextWords } from "./tree.ts";

/** For bash, with or without the bash-completion package. */
export function bash(commands: readonly Command[]): string {
  return `# guestkit completion for bash: eval "$(guestkit completion bash)"
_guestkit_machines() {
  local each folder=${MACHINES}
  for each in "$folder"/*/; do [ -d "$each" ] && basename "$each"; done
}
_guestkit_offer() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$1" -- "$word") $([ -z "$2" ] || compgen -f -- "$word"))
}
_guestkit_several() {
  local before="" IFS=$' \\t\\n'
  [[ "$word" == *,* ]] && before="\${word%,*},"
  COMPREPLY=($(compgen -P "$before" -W "$1" -- "\${word##*,}"))
}
_guestkit() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  local verb="" next="" words="" choices="" valued="" machine=-1 from=1 at=0 each
  local remote="" listed=-1 lister="" args=()
  COMPREPLY=()
  [ "$COMP_CWORD" -gt 1 ] && [ "\${COMP_WORDS[1]}" = help ] && from=2
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
      *) [[ "$each" == -* ]] || { at=$((at + 1)); args+=("$each"); } ;;
    esac
    from=$((from + 1))
  done
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  elif [ "$at" -eq "$machine" ]; then
    COMPREPLY=($(compgen -W "$(_guestkit_machines)" -- "$word"))
  elif [ "$at" -eq "$listed" ]; then
    _guestkit_offer "$("\${COMP_WORDS[0]}" $lister "\${args[@]}" 2>/dev/null | awk 'NR > 1 { print $1 }')"
  elif [[ " $remote " == *" $at "* ]]; then
    _guestkit_offer "$(_guestkit_machines | sed 's/$/:/')" files
    compopt -o filenames -o nospace 2>/dev/null
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
  const words = before === "" ? [...next, "help", "--version"] : next;
  return `      "${before}") next="${words.join(" ")}" ;;`;
}

function valueCases(commands: readonly Command[]): string {
  const cases = commands.flatMap((command) =>
    Object.entries(command.options).flatMap(([name, { choices, kind, commas }]) =>
      kind === "value" && choices ? [`    "${command.name} --${name}") ${offer(choices, commas)}; return ;;`] : [],
    ),
  );
  return cases.join("\n");
}

const offer = (choices: readonly string[], commas = false): string =>
  commas ? `_guestkit_several "${choices.join(" ")}"` : `COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$word"))`;

function verbCase({ name, options, positionals }: Command): string {
  const flags = [...Object.keys(options).map((option) => `--${option}`), "--help"].join(" ");
  const choices = positionals.flatMap((each) => each.choices ?? each.suggestions ?? []).join(" ");
  const valued = Object.entries(options).flatMap(([option, { kind, short }]) =>
    kind === "value" ? [`--${option}`, ...(short ? [`-${short}`] : [])] : [],
  );
  const machine = positionals.findIndex((each) => each.machine);
  const remote = positionals.flatMap((each, at) => (each.remote ? [at] : [])).join(" ");
  const listed = positionals.findIndex((each) => each.listedBy !== undefined);
  const lister = positionals[listed]?.listedBy ?? "";
  const more = `remote="${remote}"; listed=${listed}; lister="${lister}"`;
  return `    "${name}") words="${flags}"; choices="${choices}"; valued="${valued.join(" ")}"; machine=${machine}; ${more} ;;`;
}
