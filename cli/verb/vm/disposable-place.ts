import { resolveSettings } from "@guestkit/core/engine";
import { asGuestkitError, parseSize } from "@guestkit/core/kit";
import {
  type DisposableOptions,
  type DisposablePlace,
  sharesOf,
  type Via,
  withDisposable,
} from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";
import { usage } from "../../command/parse.ts";
import { printError } from "../../output/error.ts";
import { progressDisplay } from "../../output/progress.ts";
import { limitOf } from "./guest-code.ts";

/** guestkit itself failed: the command's own exit codes are passed on. */
const FAILED = 125;
const QUOTA = "4G";

export interface Wanted {
  readonly options: DisposableOptions;
  readonly via: Via;
  readonly timeoutMs: number | undefined;
}

/** What the options of the verb say. Throws `E_USAGE`. */
export function wantedOf(invocation: Invocation): Wanted {
  const { positionals, flags, values, lists, command } = invocation;
  if (flags.has("network") && flags.has("no-network"))
    throw usage(command, "--network and --no-network exclude one another");
  const cpus = values.cpus === undefined ? undefined : count(values.cpus);
  if (cpus === null) throw usage(command, `--cpus must be a number, not "${values.cpus}"`);
  const options = {
    base: positionals[0] ?? "",
    name: values.name,
    format: values["image-format"] as DisposableOptions["format"],
    allowBackingFiles: flags.has("allow-backing-files"),
    network: flags.has("network") ? true : flags.has("no-network") ? false : undefined,
    quotaBytes: parseSize(values.quota ?? QUOTA),
    memory: values.memory === undefined ? undefined : parseSize(values.memory),
    cpus,
    shares: sharesOf(lists.share ?? []),
  };
  return { options, via: (values.via ?? "auto") as Via, timeoutMs: limitOf(invocation) };
}

function count(text: string): number | null {
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : null;
}

/** Runs a verb in a disposable; whatever is guestkit's own failure has its own exit code. */
export async function inDisposable(
  { signal, flags }: Invocation,
  options: DisposableOptions,
  use: (place: DisposablePlace) => Promise<number>,
): Promise<number> {
  const stop = AbortSignal.any([signal, hangup()]);
  using display = progressDisplay();
  // Standard error is the command's, but for a person who waits.
  const progress = process.stderr.isTTY ? display.show : () => {};
  const context = { signal: stop, progress, settings: resolveSettings() };
  try {
    return await withDisposable(options, context, async (place) => {
      display.clear();
      return await use(place);
    });
  } catch (error) {
    display.clear();
    printError(error, flags.has("json"));
    return stop.aborted || asGuestkitError(error).code === "E_INTERRUPTED" ? EXIT.interrupted : FAILED;
  }
}

/** The terminal is gone: nothing can be said any more, and the disposable is still to be removed. */
function hangup(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGHUP", () => {
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
    controller.abort();
  });
  return controller.signal;
}
