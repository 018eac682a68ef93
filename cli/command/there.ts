import { streamProgram } from "@guestkit/core/machine";
import { hostNamed, thereWords } from "@guestkit/core/remote";
import { EXIT, type Invocation } from "./command.ts";
import { usage } from "./parse.ts";

/**
 * Runs a whole command on another host, its words as they are: standard input, both outputs, exit code and terminal are
 * its own. Where ssh(1) cannot log in, or the line breaks, it says so itself and gives 255, as commands there may as well:
 * the two cannot be told apart. Throws `E_USAGE` where it needs what is on this side, `E_HOST_NAME`.
 */
export async function runThere(host: string, invocation: Invocation): Promise<number> {
  const { command, flags, signal, words } = invocation;
  demandNothingOfOurs(invocation, host);
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const args = thereWords(hostNamed(host), [...command.name.split(" "), ...words], {
    terminal,
    json: flags.has("json"),
  });
  const { exitCode } = await streamProgram("ssh", args, { inherit: true, signal });
  return exitCode ?? EXIT.interrupted;
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
