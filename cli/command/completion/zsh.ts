import type { Command, Option } from "../command.ts";
import { MACHINES, treeOf, verbOf } from "./tree.ts";

/** For zsh: \`source <(guestkit completion zsh)\`, or as a file _guestkit in fpath. */
export function zsh(commands: readonly Command[]): string {
  const { single, groups } = treeOf(commands);
  const first = [
    ...single.map(({ name, summary }) => described(name, summary)),
    ...[...groups.keys()].map((group) => described(group, `${group} VERB`)),
  ];
  return `#compdef guestkit
_guestkit_machines() {
  local folder=${MACHINES}
  local -a names
  names=("$folder"/*(N/:t))
  compadd -a names
}
_guestkit() {
  local -a verbs
  verbs=(
${first.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  local verb="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$verb" in
${[...groups].map(([group, verbs]) => groupCase(group, verbs)).join("\n")}
  esac
  case "$verb" in
${commands.map(verbCase).join("\n")}
  esac
}
if [ "\${funcstack[1]}" = "_guestkit" ]; then _guestkit "$@"; else compdef _guestkit guestkit; fi
`;
}

const described = (name: string, summary: string) => `    ${quote(`${name}:${summary}`)}`;

function groupCase(group: string, verbs: readonly Command[]): string {
  return `    ${group})
      verbs=(
${verbs.map((each) => described(verbOf(each), each.summary)).join("\n")}
      )
      if (( CURRENT == 2 )); then
        _describe verb verbs
        return
      fi
      verb="$verb \${words[2]}"
      shift words
      (( CURRENT-- )) ;;`;
}

function verbCase({ name, options, positionals }: Command): string {
  const specs = Object.entries(options).map(([option, each]) => optionSpec(option, each));
  const args = positionals.map(({ name: what, choices, file, machine, optional, many }) => {
    const action = choices ? `(${choices.join(" ")})` : machine ? "_guestkit_machines" : file ? "_files" : "";
    return quote(`${many ? "*" : optional ? ":" : ""}:${plain(what)}:${action}`);
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
