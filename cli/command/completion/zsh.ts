import type { Command, Option } from "../command.ts";
import { MACHINES, nextWords } from "./tree.ts";

/** For zsh: \`source <(guestkit completion zsh)\`, or as a file _guestkit in fpath. */
export function zsh(commands: readonly Command[]): string {
  return `#compdef guestkit
_guestkit_machines() {
  local folder=${MACHINES}
  local -a names
  names=("$folder"/*(N/:t))
  compadd -a names
}
_guestkit() {
  local -a verbs
  local verb=""
  while true; do
    case "$verb" in
${[...nextWords(commands)].map(([before, next]) => nextCase(before, next)).join("\n")}
      *) break ;;
    esac
    if (( CURRENT == 2 )); then
      _describe verb verbs
      return
    fi
    verb="\${verb:+$verb }\${words[2]}"
    shift words
    (( CURRENT-- ))
  done
  case "$verb" in
${commands.map(verbCase).join("\n")}
  esac
}
if [ "\${funcstack[1]}" = "_guestkit" ]; then _guestkit "$@"; else compdef _guestkit guestkit; fi
`;
}

function nextCase(before: string, next: readonly { readonly word: string; readonly summary: string }[]): string {
  const lines = next.map(({ word, summary }) => `        ${quote(`${word}:${summary}`)}`);
  return `      "${before}") verbs=(\n${lines.join("\n")}\n      ) ;;`;
}

function verbCase({ name, options, positionals }: Command): string {
  const specs = Object.entries(options).map(([option, each]) => optionSpec(option, each));
  const args = positionals.map(({ name: what, choices: only, suggestions, file, machine, optional, many, several }) => {
    const choices = only ?? suggestions;
    const action = choices ? `(${choices.join(" ")})` : machine ? "_guestkit_machines" : file ? "_files" : "";
    return quote(`${many || several ? "*" : optional ? ":" : ""}:${plain(what)}:${action}`);
  });
  return `    ${quote(name)}) _arguments ${[...specs, ...args, quote("--help[Show help]")].join(" ")} ;;`;
}

function optionSpec(
  name: string,
  { kind, description, choices, file, multiple, placeholder = "value" }: Option,
): string {
  const text = `${multiple ? "*" : ""}--${name}[${plain(description)}]`;
  if (kind === "flag") return quote(text);
  return quote(`${text}:${placeholder}:${choices ? `(${choices.join(" ")})` : file ? "_files" : ""}`);
}

/** Colons and brackets mean something in a specification. */
function plain(text: string): string {
  return text.replace(/[:[\]]/g, "\\$&");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
