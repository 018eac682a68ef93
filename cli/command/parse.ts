import { parseArgs } from "node:util";
import { GuestkitError, suggestion } from "@guestkit/core/kit";
import type { Command, Invocation } from "./command.ts";

/** The command line of a verb. Throws `E_USAGE`. */
export function parse(command: Command, args: readonly string[], signal: AbortSignal): Invocation {
  const { values, positionals, words } = split(command, withoutRest(command, args));
  checkCount(command, positionals);
  const given = Object.entries(values);
  const invocation = {
    command,
    positionals,
    signal,
    words,
    flags: new Set(given.filter(([, value]) => value === true).map(([name]) => name)),
    values: Object.fromEntries(given.filter((each): each is [string, string] => typeof each[1] === "string")),
    lists: Object.fromEntries(given.flatMap(([name, value]) => listOf(command, name, value))),
  };
  checkChoices(invocation);
  return invocation;
}

/** The values of an option that may be given several times, those of one text apart where its option says so. */
function listOf({ options }: Command, name: string, value: unknown): readonly (readonly [string, readonly string[]])[] {
  if (!Array.isArray(value)) return [];
  return [[name, options[name]?.commas ? value.flatMap((text: string) => text.split(",")) : value]];
}

/** Every verb takes these; one that runs nowhere else tells so where --host is given. */
const UNLISTED: Command["options"] = {
  help: { kind: "flag", short: "h", description: "" },
  host: { kind: "value", description: "" },
};

function split(command: Command, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries({ ...UNLISTED, ...command.options }).map(([name, option]) => [
      name,
      {
        type: option.kind === "flag" ? ("boolean" as const) : ("string" as const),
        multiple: "multiple" in option && option.multiple === true,
        ...(option.short && { short: option.short }),
      },
    ]),
  );
  try {
    const { tokens, ...parsed } = parseArgs({
      ...({ args: [...args], options, allowPositionals: true, strict: true, tokens: true } as const),
    });
    const hosts = tokens.filter((each) => each.kind === "option" && each.name === "host");
    const taken = new Set(
      hosts.flatMap(({ index, ...each }) =>
        "inlineValue" in each && !each.inlineValue ? [index, index + 1] : [index],
      ),
    );
    return { ...parsed, words: args.filter((_, at) => !taken.has(at)) };
  } catch (error) {
    const unknown = unknownOption(error);
    if (unknown === null) throw usage(command, reword(error));
    throw usage(command, `there is no option ${unknown}`, nearOption(command, unknown));
  }
}

/** An argument that takes the rest ends the options: what follows is another program's command line. */
function withoutRest({ positionals, options }: Command, args: readonly string[]): readonly string[] {
  const before = positionals.findIndex((each) => each.many);
  if (before < 0) return args;
  const takesValue = (arg: string) =>
    Object.entries(options).some(
      ([name, { kind, short }]) => kind === "value" && (arg === `--${name}` || arg === `-${short}`),
    );
  let seen = 0;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") return args;
    if (seen === before && !arg.startsWith("-")) return [...args.slice(0, at), "--", ...args.slice(at)];
    if (takesValue(arg)) at++;
    else if (!arg.startsWith("-")) seen++;
  }
  return args;
}

function unknownOption(error: unknown): string | null {
  return /^Unknown option '(.*?)'/.exec(error instanceof Error ? error.message : "")?.[1] ?? null;
}

/** One letter is near to every other. */
function nearOption({ options }: Command, unknown: string): string {
  if (!unknown.startsWith("--")) return "";
  const known = [...Object.keys(options), "help"].map((each) => `--${each}`);
  return suggestion(unknown.split("=", 1)[0] ?? "", known);
}

/** Node's own message without the advice that follows its first sentence. */
function reword(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [, option] = /^Option '(--?[\w-]+)' argument is ambiguous/.exec(text) ?? [];
  if (option !== undefined) return `${option} needs a value; behind a long option's = it may begin with a -`;
  return text.replace(/\.? To specify.*$/s, "").replace(/\n.*/s, "");
}

function checkCount(command: Command, positionals: readonly string[]): void {
  const required = command.positionals.filter((each) => !each.optional);
  const missing = required[positionals.length];
  if (missing) throw usage(command, `${missing.name} is missing`);
  const extra = positionals[command.positionals.length];
  const last = command.positionals.at(-1);
  if (extra !== undefined && !last?.many && !last?.several) throw usage(command, `"${extra}" is one argument too many`);
}

function checkChoices({ command, values, lists, positionals }: Omit<Invocation, "signal" | "words">): void {
  const given = [...Object.entries(values), ...Object.entries(lists)].flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => [name, each] as const),
  );
  for (const [name, value] of given) {
    const choices = command.options[name]?.choices;
    if (choices && !choices.includes(value)) {
      throw usage(
        command,
        `--${name} must be one of ${choices.join(", ")}, not "${value}"`,
        suggestion(value, choices),
      );
    }
  }
  for (const [index, { name, choices }] of command.positionals.entries()) {
    const value = positionals[index];
    if (choices && value !== undefined && !choices.includes(value)) {
      throw usage(command, `${name} must be one of ${choices.join(", ")}, not "${value}"`, suggestion(value, choices));
    }
  }
}

/** A command line that makes no sense: exit code 64. */
export function usage(command: Pick<Command, "name">, what: string, hint = ""): GuestkitError {
  return new GuestkitError("E_USAGE", `Cannot run ${command.name}: ${what}`, {
    help: `${hint}See guestkit ${command.name} --help`,
  });
}
