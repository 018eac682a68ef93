import { GuestkitError, nearest, setLogSink, suggestion } from "@guestkit/core/kit";
import { type Command, EXIT } from "./command/command.ts";
import { nextWords } from "./command/completion/tree.ts";
import { hostOf } from "./command/host.ts";
import { interruption, listenNoMore } from "./command/interruption.ts";
import { parse } from "./command/parse.ts";
import { commandOf, commands, commandsOf } from "./command/table.ts";
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
  } finally {
    listenNoMore();
  }
}

async function dispatch(words: readonly string[]): Promise<number> {
  const [name] = words;
  if (name === undefined || HELP.includes(name) || name === "help") return showHelp(words.slice(1), name !== undefined);
  if (isHost(name)) return await dispatch(behindVerb(words));
  const { command, args } = find(words);
  if (!command) return missing(words);
  const options = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (asksHelp(command, options)) return showHelp(command.name.split(" "), true);
  const invocation = parse(command, args, interruption(command));
  // For this run and all that it starts, as if the environment had said so.
  const { "lock-timeout": seconds } = invocation.values;
  if (seconds !== undefined) process.env.GUESTKIT_LOCK_TIMEOUT = seconds;
  const host = hostOf(invocation);
  if (host !== null && !command.goesThere) return (await import("./command/there.ts")).runThere(host, invocation);
  return (await command.load()).run(invocation);
}

const isHost = (word = "") => /^--host(?:=|$)/.test(word);

/** `guestkit --host lab vm list` is `guestkit vm list --host lab`: the words of the verb come first. Without a verb there is no host. */
function behindVerb(words: readonly string[]): readonly string[] {
  let end = 0;
  while (isHost(words[end])) end += words[end]?.includes("=") ? 1 : 2;
  const rest = words.slice(end);
  const { command, args } = find(rest);
  return command ? [...rest.slice(0, rest.length - args.length), ...words.slice(0, end), ...args] : rest;
}

const HELP = ["--help", "-h"];
/** Words of the longest verb's name. */
const LONGEST = 3;

/** What belongs to another program's command line asks that program. */
function asksHelp({ positionals }: Command, options: readonly string[]): boolean {
  const own = positionals.at(-1)?.many ? options.slice(0, positionals.length) : options;
  return own.some((each) => HELP.includes(each));
}

/** A verb has one word, or those of its group before it: `vm stop`, `vm snapshot take`. */
function find(words: readonly string[]): { command: Command | undefined; args: readonly string[] } {
  for (let count = Math.min(words.length, LONGEST); count > 0; count--) {
    const name = words.slice(0, count).join(" ");
    const command = commandOf(name === "--version" ? "version" : name);
    if (command) return { command, args: words.slice(count) };
  }
  return { command: undefined, args: words };
}

async function missing(words: readonly string[]): Promise<number> {
  const group = groupOf(words);
  const next = words[group.length];
  const name = group.join(" ");
  if (group.length > 0 && (next === undefined || HELP.includes(next))) return showHelp(group, next !== undefined);
  throw new GuestkitError("E_USAGE", `Cannot run "${[...group, next].join(" ")}": there is no such verb`, {
    help: `${next === undefined ? "" : likely(name, next)}See guestkit ${name === "" ? "" : `${name} `}--help`,
  });
}

/** A word of the group that is near, else a verb of another group that is called so. */
function likely(group: string, word: string): string {
  const words = nextWords(commands).get(group) ?? [];
  const known = [...words.map((each) => each.word), ...(group === "" ? ["help"] : [])];
  if (nearest(word, known) !== null) return suggestion(word, known);
  const elsewhere = commands.find(({ name }) => name.endsWith(` ${word}`));
  return elsewhere ? `Did you mean ${elsewhere.name}? ` : "";
}

/** As many words as name a group of verbs. */
function groupOf(words: readonly string[]): readonly string[] {
  const end = words.findIndex((_, at) => commandsOf(words.slice(0, at + 1).join(" ")).length === 0);
  return end < 0 ? words : words.slice(0, end);
}

/** Of a verb, of a group, or of everything; a command line that says nothing is told as well, and is wrong. Throws `E_USAGE`. */
async function showHelp(words: readonly string[], asked: boolean): Promise<number> {
  const { groupHelp, help, overview } = await import("./command/help.ts");
  const { command } = find(words);
  const group = groupOf(words);
  const next = words[group.length];
  if (!command && next !== undefined && !HELP.includes(next)) return missing(words);
  writeOut(command ? help(command) : group.length > 0 ? groupHelp(group.join(" ")) : overview());
  return asked ? EXIT.done : EXIT.usage;
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
