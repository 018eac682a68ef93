import { GuestkitError, setLogSink } from "@guestkit/core/kit";
import { type Command, EXIT } from "./command/command.ts";
import { parse } from "./command/parse.ts";
import { commandOf, commandsOf } from "./command/table.ts";
import { printError } from "./output/error.ts";
import { logSink } from "./output/log.ts";
import { writeOut } from "./output/stdout.ts";

/** Runs a command line; gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const json = args.includes("--json");
  setLogSink(logSink(process.env.GUESTKIT_LOG));
  try {
    return await dispatch(args);
  } catch (error) {
    if (isBrokenPipe(error)) return EXIT.pipe;
    printError(error, json);
    return exitCodeOf(error);
  }
}

async function dispatch(words: readonly string[]): Promise<number> {
  const [name] = words;
  if (name === undefined || HELP.includes(name) || name === "help") return showHelp(words.slice(1), name !== undefined);
  const { command, args } = find(words);
  if (!command) return missing(name, args);
  const options = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (asksHelp(command, options)) return showHelp([command.name], true);
  const invocation = parse(command, args, interruption(command));
  return (await command.load()).run(invocation);
}

const HELP = ["--help", "-h"];

/** What belongs to another program's command line asks that program. */
function asksHelp({ positionals }: Command, options: readonly string[]): boolean {
  const own = positionals.at(-1)?.many ? options.slice(0, positionals.length) : options;
  return own.some((each) => HELP.includes(each));
}

/** A verb has one word, or two: its group's and its own. */
function find(words: readonly string[]): { command: Command | undefined; args: readonly string[] } {
  const [first = "", second = ""] = words;
  const grouped = commandOf(`${first} ${second}`);
  if (grouped) return { command: grouped, args: words.slice(2) };
  return { command: commandOf(first === "--version" ? "version" : first), args: words.slice(1) };
}

async function missing(name: string, [verb]: readonly string[]): Promise<number> {
  const group = commandsOf(name).length > 0;
  if (group && (verb === undefined || HELP.includes(verb))) return showHelp([name], verb !== undefined);
  const what = group ? `${name} ${verb}` : name;
  throw new GuestkitError("E_USAGE", `Cannot run "${what}": there is no such verb`, {
    help: `See guestkit ${group ? `${name} ` : ""}--help`,
  });
}

/** Of a verb, of a group, or of everything; a command line that says nothing is told as well, and is wrong. */
async function showHelp(words: readonly string[], asked: boolean): Promise<number> {
  const { groupHelp, help, overview } = await import("./command/help.ts");
  const name = words.slice(0, 2).join(" ");
  const command = commandOf(name) ?? commandOf(words[0] ?? "");
  const group = words[0] ?? "";
  writeOut(command ? help(command) : group !== "" && commandsOf(group).length > 0 ? groupHelp(group) : overview());
  return asked ? EXIT.done : EXIT.usage;
}

/** Ctrl-C: the first stops in an orderly way, the second at once. Verbs that only read end at the first. */
function interruption(command: Command): AbortSignal {
  const controller = new AbortController();
  if (!command.graceful) return controller.signal;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.interrupted);
      process.stderr.write("guestkit: stopping; once more ends it at once\n");
      controller.abort();
    });
  }
  return controller.signal;
}

function exitCodeOf(error: unknown): number {
  const code = error instanceof GuestkitError ? error.code : "";
  if (code === "E_USAGE") return EXIT.usage;
  const aborted = error instanceof Error && error.name === "AbortError";
  return aborted || code === "E_INTERRUPTED" ? EXIT.interrupted : EXIT.failed;
}

function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "EPIPE";
}
