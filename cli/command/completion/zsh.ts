import type { Command, Option } from "../command.ts";

/** For zsh: \`source <(guestkit completion zsh)\`, or as a file _guestkit in fpath. */
export function zsh(commands: readonly Command[]): string {
  return `#compdef guestkit
_guestkit() {
  local -a verbs
  verbs=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  local verb="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$verb" in
${commands.map(verbCase).join("\n")}
  esac
}
if [ "\${funcstack[1]}" = "_guestkit" ]; then _guestkit "$@"; else compdef _guestkit guestkit; fi
`;
}

function verbCase({ name, options, positionals }: Command): string {
  const specs = Object.entries(options).map(([option, each]) => optionSpec(option, each));
  const args = positionals.map(({ name: what, choices, file, optional }) => {
    const action = choices ? `(${choices.join(" ")})` : file ? "_files" : "";
    return quote(`${optional ? ":" : ""}:${plain(what)}:${action}`);
  });
  return `    ${name}) _arguments ${[...specs, ...args, quote("--help[Show help]")].join(" ")} ;;`;
}

function optionSpec(name: string, { kind, description, choices, file, placeholder = "value" }: Option): string {
  const text = `--${name}[${plain(description)}]`;
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
