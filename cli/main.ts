import { GuestkitError, setLogSink } from "@guestkit/core/kit";
import { type Command, EXIT } from "./command/command.ts";
import { parse } from "./command/parse.ts";
import { commandOf } from "./command/table.ts";
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

async function dispatch([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") return showHelp(args[0], name);
  const command = commandOf(name === "--version" ? "version" : name);
  if (!command) {
    throw new GuestkitError("E_USAGE", `Cannot run "${name}": there is no such verb`, { help: "See guestkit --help" });
  }
  const options = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (options.includes("--help") || options.includes("-h")) return showHelp(command.name, "help");
  const invocation = parse(command, args, interruption(command));
  return (await command.load()).run(invocation);
}

async function showHelp(verb: string | undefined, asked: string | undefined): Promise<number> {
  const { help, overview } = await import("./command/help.ts");
  const command = verb === undefined ? undefined : commandOf(verb);
  writeOut(command ? help(command) : overview());
  return asked === undefined ? EXIT.usage : EXIT.done;
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
