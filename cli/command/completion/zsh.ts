import type { Command, Option, Positional } from "../command.ts";
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
_guestkit_remote() {
  local folder=${MACHINES}
  local -a names
  names=("$folder"/*(N/:t))
  compadd -S : -a names
  _files
}
_guestkit_listed() {
  local -a names
  names=(\${(f)"$(guestkit "$@" \${words[2,CURRENT-1]:#-*} 2>/dev/null | awk 'NR > 1 { print $1 }')"})
  compadd -a names
}
_guestkit() {
  local -a verbs
  local verb=""
  if (( CURRENT > 2 )) && [[ "\${words[2]}" == help ]]; then
    shift words
    (( CURRENT-- ))
  fi
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
  const help = before === "" ? [{ word: "help", summary: "Show help" }] : [];
  const lines = [...next, ...help].map(({ word, summary }) => `        ${quote(`${word}:${summary}`)}`);
  return `      "${before}") verbs=(\n${lines.join("\n")}\n      ) ;;`;
}

function verbCase({ name, options, positionals }: Command): string {
  const specs = Object.entries(options).map(([option, each]) => optionSpec(option, each));
  const args = positionals.map((each) => {
    const { name: what, choices: only, suggestions, optional, many, several } = each;
    const choices = only ?? suggestions;
    const action = choices ? `(${choices.join(" ")})` : actionOf(each);
    return quote(`${many || several ? "*" : optional ? ":" : ""}:${plain(what)}:${action}`);
  });
  return `    ${quote(name)}) _arguments ${[...specs, ...args, quote("--help[Show help]")].join(" ")} ;;`;
}

function actionOf({ machine, remote, listedBy, file }: Positional): string {
  if (listedBy !== undefined) return `_guestkit_listed ${listedBy}`;
  if (machine) return "_guestkit_machines";
  return remote ? "_guestkit_remote" : file ? "_files" : "";
}

function optionSpec(
  name: string,
  { kind, description, choices, commas, file, multiple, placeholder = "value" }: Option,
): string {
  const text = `${multiple ? "*" : ""}--${name}[${plain(description)}]`;
  if (kind === "flag") return quote(text);
  const words = choices?.join(" ");
  const offered = commas ? `_values -s , ${placeholder} ${words}` : `(${words})`;
  return quote(`${text}:${placeholder}:${words ? offered : file ? "_files" : ""}`);
}

/** Colons and brackets mean something in a specification. */
function plain(text: string): string {
  return text.replace(/[:[\]]/g, "\\$&");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
