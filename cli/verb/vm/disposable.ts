import { type DisposablePlace, execInGuest, sshTarget } from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";
import { usage } from "../../command/parse.ts";
import { sitDown } from "./console.ts";
import { inDisposable, type Wanted, wantedOf } from "./disposable-place.ts";
import { tell } from "./guest-code.ts";
import { login } from "./ssh.ts";
import { withStreams } from "./streams.ts";

/** A command, or a shell, in a machine of which nothing remains. */
export async function run(invocation: Invocation): Promise<number> {
  const wanted = wantedOf(invocation);
  const [, ...command] = invocation.positionals;
  const isShell = command.length === 0;
  if (isShell && invocation.flags.has("json")) throw usage(invocation.command, "--json needs a COMMAND");
  // Without a command what is piped in is a script.
  const argv = isShell ? ["sh"] : command;
  if (!isShell || !process.stdin.isTTY) {
    return await inDisposable(invocation, wanted.options, (place) => runCommand(place, argv, wanted, invocation));
  }
  const isSilent = wanted.options.network === false || wanted.via === "agent";
  // At the console one sees it boot.
  const options = isSilent ? { ...wanted.options, waitFor: [NOTHING] } : wanted.options;
  return await inDisposable(invocation, options, (place) => shell(place, isSilent, invocation));
}

const NOTHING = { condition: "none", timeout: 600, port: null, text: null } as const;

async function runCommand(
  { machine, folder, run, context }: DisposablePlace,
  argv: readonly string[],
  { via, timeoutMs }: Wanted,
  { flags, values }: Invocation,
): Promise<number> {
  const command = { argv, ...(values.user && { user: values.user }), ...(timeoutMs !== undefined && { timeoutMs }) };
  if (flags.has("json")) {
    const input = process.stdin.isTTY ? {} : { input: process.stdin };
    return tell(await execInGuest(machine, folder, run, { ...command, via, ...input }, context));
  }
  const hasSsh = sshTarget(machine, folder, run) !== null;
  return await withStreams(via, hasSsh, (streams) => {
    const tty = streams.via === "ssh" ? { tty: flags.has("tty") } : {};
    return execInGuest(machine, folder, run, { ...command, ...streams, ...tty }, context);
  });
}

/** A login where there is a way for one, else the console; the guest's end ends it as well. */
async function shell(place: DisposablePlace, isSilent: boolean, { values }: Invocation): Promise<number> {
  const { machine, folder, run, context } = place;
  const target = isSilent ? null : sshTarget(machine, folder, run);
  if (target) return await login({ ...target, user: values.user ?? target.user }, [], { signal: context.signal });
  await sitDown({ machine, folder, context }, context.signal);
  context.signal.throwIfAborted();
  return EXIT.done;
}
