import type { Command, Group, Option } from "./command.ts";
import { commands, commandsOf } from "./table.ts";

/** In this order. */
const GROUPS: Readonly<Record<Group, true>> = {
  "Look into images": true,
  "Make images": true,
  Machines: true,
  Declare: true,
  "This host": true,
  "For programs and shells": true,
};

/** Columns of a terminal that help is written for; what is written by hand may have some more. */
const WIDTH = 124;

/** Said of every option of which that is so, where its description does not say more of it. */
const SEVERAL = "May be given more than once";

/** What exit codes mean that scripts ask for, in a line. */
export const EXIT_CODES =
  "0 done, 1 failed, 2 something differs, does not hold or is to be done, 64 usage, 130 interrupted";

/** `guestkit --help`. */
export function overview(): string {
  const sections = Object.keys(GROUPS).map((group) => {
    const rows = commands.filter((each) => each.group === group).map((each) => [each.name, each.summary] as const);
    return `${group}:\n${columns(rows)}`;
  });
  return `Usage: guestkit VERB [OPTIONS] ...

${sections.join("\n\n")}

guestkit VERB --help tells more, with examples. Every verb takes --json where it prints an answer.
Exit codes: ${EXIT_CODES}.
`;
}

/** `guestkit vm` and `guestkit vm --help`. */
export function groupHelp(group: string): string {
  return `Usage: guestkit ${group} VERB [OPTIONS] ...

${section(
  "Verbs",
  commandsOf(group).map((each) => [each.name.slice(group.length + 1), each.summary] as const),
)}

guestkit ${group} VERB --help tells more, with examples.
`;
}

/** `guestkit VERB --help`. */
export function help(command: Command): string {
  const positionals = command.positionals.map(({ name, optional, many, several }) => {
    const text = many || several ? `${name}...` : name;
    return optional ? `[${text}]` : text;
  });
  const usage = ["guestkit", command.name, "[OPTIONS]", ...positionals].join(" ");
  const parts = [
    `Usage: ${usage}\n\n${command.summary}.`,
    command.details
      ?.split("\n")
      .flatMap((line) => wrapped(line, WIDTH))
      .join("\n"),
    section(
      "Arguments",
      command.positionals.map(({ name, description }) => [name, description] as const),
    ),
    section("Options", [
      ...Object.entries(command.options).map(([name, option]) => [spelling(name, option), described(option)] as const),
      ["-h, --help", "Show this text."] as const,
    ]),
    command.examples.length > 0 &&
      `Examples:\n${command.examples.map(({ line, note }) => `  # ${note}\n  ${line}`).join("\n")}`,
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  return rows.length > 0 ? `${title}:\n${columns(rows)}` : "";
}

function described({ description, prints = [], choices = [], multiple }: Option): string {
  const schemas = prints.map(({ schema, list }) => `${list === undefined ? "" : `${list} of `}${schema}`);
  const words = description.split(/[^\w.-]+/).map((word) => word.replace(/\.$/, ""));
  return [
    description,
    ...(choices.every((choice) => words.includes(choice)) ? [] : [`One of: ${choices.join(", ")}.`]),
    ...(multiple && !description.includes(SEVERAL) ? [`${SEVERAL}.`] : []),
    ...(schemas.length > 0 ? [`Schema: ${schemas.join(", or ")}.`] : []),
  ].join(" ");
}

function spelling(name: string, { short, kind, placeholder = "VALUE" }: Option): string {
  const long = kind === "value" ? `--${name} ${placeholder}` : `--${name}`;
  return short ? `-${short}, ${long}` : `    ${long}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  const margin = " ".repeat(width + 4);
  return rows
    .map(([left, right]) => `  ${left.padEnd(width)}  ${wrapped(right, WIDTH - margin.length).join(`\n${margin}`)}`)
    .join("\n");
}

/** Lines of at most `width` characters, broken between words; one that is longer has a line of its own. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
