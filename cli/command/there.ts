import { fstatSync } from "node:fs";
import { GuestkitError } from "@guestkit/core/kit";
import { streamProgram } from "@guestkit/core/machine";
import { ABSENT, ensureEngine, hostNamed, thereWords } from "@guestkit/core/remote";
import { printError } from "../output/error.ts";
import { progressDisplay } from "../output/progress.ts";
import { EXIT, type Invocation } from "./command.ts";
import { usage } from "./parse.ts";

/** As ssh(1) itself ends where it cannot log in. */
const UNREACHED = 255;

/**
 * Runs a whole command on another host, its words as they are: standard input, both outputs, exit code and terminal are
 * its own. A host that has no guestkit is brought it first. Where ssh(1) cannot log in, or the line breaks, it says so itself
 * and gives 255, as commands there may as well: the two cannot be told apart. Throws `E_USAGE` where it needs what is on this
 * side, `E_HOST_...`.
 */
export async function runThere(host: string, invocation: Invocation): Promise<number> {
  const { command, signal, words } = invocation;
  demandNothingOfOurs(invocation, host);
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const args = thereWords(hostNamed(host), [...command.name.split(" "), ...words], { terminal, quiet: true });
  const runIt = async () => (await streamProgram("ssh", args, { inherit: true, signal })).exitCode ?? EXIT.interrupted;
  // Looked for first where a run that finds none would have taken the input, else only where it may have found none.
  const isFirst = hasInput();
  try {
    if (isFirst) await bringWhereMissing(host, invocation);
    const code = await runIt();
    return code === ABSENT && !isFirst && (await bringWhereMissing(host, invocation)) ? await runIt() : code;
  } catch (error) {
    if (!(error instanceof GuestkitError) || error.code !== "E_HOST_UNREACHABLE") throw error;
    printError(error, invocation.flags.has("json"));
    return UNREACHED;
  }
}

async function bringWhereMissing(host: string, { signal }: Invocation): Promise<boolean> {
  using display = progressDisplay();
  return await ensureEngine(host, { signal, progress: display.show });
}

/** Whether standard input holds what can be read once: a pipe or a file, and no terminal or /dev/null. */
function hasInput(): boolean {
  try {
    return !fstatSync(0).isCharacterDevice();
  } catch {
    // It is closed.
    return false;
  }
}

/** Files of this side are none of the host's: one that has the same path there is another. */
function demandNothingOfOurs({ command, positionals, values, lists }: Invocation, host: string): void {
  if (command.here !== undefined) throw usage(command, `it does not run on another host (${host})`, `${command.here} `);
  const given = [
    ...command.positionals.map(({ name, here, several, many }, at) => ({
      ...{ name, here, all: several || many ? positionals.slice(at) : positionals.slice(at, at + 1) },
    })),
    ...Object.entries(command.options).map(([name, { here }]) => ({
      ...{ name: `--${name}`, here, all: [values[name] ?? [], lists[name] ?? []].flat() },
    })),
  ];
  const ours = given.find(({ here, all }) => here !== undefined && !all.every(isNobodys));
  if (ours) throw usage(command, `${ours.name} is of this machine, and ${host} does not have it`, `${ours.here} `);
}

/** A stream, or an address that every machine can ask. */
const isNobodys = (value: string): boolean => value === "-" || /^(?!file:)[a-z][a-z0-9+.-]*:\/\//i.test(value);
