import { GuestkitError } from "@guestkit/core/kit";
import { streamProgram } from "@guestkit/core/machine";
import { hostNamed, thereWords } from "@guestkit/core/remote";
import { EXIT, type Invocation } from "./command.ts";
import { usage } from "./parse.ts";

/** Exit code of ssh(1) where it could not log in, or the line broke. */
const NO_LINE = 255;

/**
 * Runs a whole command on another host, its words as they are: standard input, both outputs, exit code and terminal are
 * its own. Throws `E_USAGE` where it needs what is on this side, `E_HOST_NAME`, `E_HOST_UNREACHABLE`.
 */
export async function runThere(host: string, invocation: Invocation): Promise<number> {
  const { command, signal, words } = invocation;
  demandNothingOfOurs(invocation, host);
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const args = thereWords(hostNamed(host), [...command.name.split(" "), ...words], { terminal });
  const { exitCode } = await streamProgram("ssh", args, { inherit: true, signal });
  if (exitCode === NO_LINE) throw unreachable(host);
  return exitCode ?? EXIT.interrupted;
}

/** Files of this side are none of the host's: one that has the same path there is another. */
function demandNothingOfOurs({ command, positionals, values, lists }: Invocation, host: string): void {
  if (command.here !== undefined) throw usage(command, `it does not run on another host (${host})`, `${command.here} `);
  const given = [
    ...command.positionals.map(({ name, here }, at) => ({ name, here, value: positionals[at] })),
    ...Object.entries(command.options).map(([name, { here }]) => ({
      ...{ name: `--${name}`, here },
      value: values[name] ?? lists[name]?.[0],
    })),
  ];
  const ours = given.find(({ here, value }) => here !== undefined && value !== undefined && !isNobodys(value));
  if (ours) throw usage(command, `${ours.name} is of this machine, and ${host} does not have it`, `${ours.here} `);
}

/** A stream, or an address that every machine can ask. */
const isNobodys = (value: string): boolean => value === "-" || /^[a-z][a-z0-9+.-]*:\/\//i.test(value);

function unreachable(host: string): GuestkitError {
  return new GuestkitError("E_HOST_UNREACHABLE", `Cannot reach the host "${host}": ssh ended before the command did`, {
    help: `Its own words stand above. See whether it lets you in: ssh ${host} true`,
  });
}
