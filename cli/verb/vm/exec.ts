import { asGuestkitError } from "@guestkit/core/kit";
import { execInGuest, liveRun, NOT_IN, type Reached, reachMachine, sshTarget, type Via } from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";
import { usage } from "../../command/parse.ts";
import { printError } from "../../output/error.ts";
import { writeJson, writeOut } from "../../output/stdout.ts";

/** guestkit itself failed: the command's own exit codes are passed on. */
const FAILED = 125;

export async function run(invocation: Invocation): Promise<number> {
  // A command line that makes no sense is no failure in the guest.
  const timeoutMs = limitOf(invocation);
  try {
    return await execute(invocation, timeoutMs);
  } catch (error) {
    const { code } = asGuestkitError(error);
    printError(error, invocation.flags.has("json"));
    return code === "E_INTERRUPTED" ? EXIT.interrupted : FAILED;
  }
}

function limitOf({ values: { timeout }, command }: Invocation): number | undefined {
  if (timeout === undefined) return undefined;
  const seconds = Number(timeout);
  if (seconds > 0) return seconds * 1000;
  throw usage(command, `--timeout must be a number of seconds, not "${timeout}"`);
}

async function execute(invocation: Invocation, timeoutMs: number | undefined): Promise<number> {
  const { positionals, flags, values, signal } = invocation;
  const [name = "", ...argv] = positionals;
  const reached = await reachMachine(name, signal);
  const run = await liveRun(reached);
  const command = { argv, ...(values.user && { user: values.user }), ...(timeoutMs !== undefined && { timeoutMs }) };
  const via = (values.via ?? "auto") as Via;
  if (flags.has("json")) return await answer(reached, run, { ...command, via });
  const bySsh = via !== "agent" && sshTarget(reached.machine, reached.folder, run) !== null;
  if (via === "ssh" || bySsh) {
    const direct = { ...command, via: "ssh" as const, inherit: true, tty: flags.has("tty") };
    const failure = await execIn(reached, run, direct).catch(asGuestkitError);
    if (typeof failure === "number") return failure;
    // Nobody was let in: the command has not run, and standard input is untouched.
    if (via === "ssh" || !NOT_IN.includes(failure.code)) throw failure;
    return await byAgent(reached, run, command).catch((error) => {
      throw asGuestkitError(error).code.startsWith("E_AGENT_") ? failure : error;
    });
  }
  return await byAgent(reached, run, command);
}

type Run = Awaited<ReturnType<typeof liveRun>>;
type Given = Parameters<typeof execInGuest>[3];

async function execIn({ machine, folder, context }: Reached, run: Run, given: Given): Promise<number> {
  return (await execInGuest(machine, folder, run, given, context)).exitCode;
}

async function byAgent(reached: Reached, run: Run, command: Given): Promise<number> {
  const onOutput = (stream: "stdout" | "stderr", chunk: Uint8Array) =>
    stream === "stdout" ? writeOut(chunk) : void process.stderr.write(chunk);
  const input = process.stdin.isTTY ? {} : { input: process.stdin };
  return await execIn(reached, run, { ...command, via: "agent", onOutput, ...input });
}

async function answer({ machine, folder, context }: Reached, run: Run, command: Given): Promise<number> {
  const input = process.stdin.isTTY ? {} : { input: process.stdin };
  const { exitCode, stdout, stderr } = await execInGuest(machine, folder, run, { ...command, ...input }, context);
  writeJson({ exit_code: exitCode, stdout, stderr });
  return exitCode;
}
