import type { Command } from "../command.ts";

/** For bash, with or without the bash-completion package. */
export function bash(commands: readonly Command[]): string {
  return `# guestkit completion for bash: eval "$(guestkit completion bash)"
_guestkit() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" verb="\${COMP_WORDS[1]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$word"))
    return
  fi
  case "$verb $before" in
${valueCases(commands)}
  esac
  case "$verb" in
${commands.map(verbCase).join("\n")}
  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  elif [ -n "$choices" ]; then
    COMPREPLY=($(compgen -W "$choices" -- "$word"))
  else
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$word"))
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _guestkit guestkit
`.replace('words=""\n', 'words="" choices=""\n');
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
  return `    ${name}) words="${flags}"; choices="${choices}" ;;`;
}
