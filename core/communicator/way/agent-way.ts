import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { endOnTime, type Limits, type Watch } from "../../host/program/on-time.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Agent, FileContent } from "../../qemu/agent/index.ts";
import { asUser } from "./as-user.ts";
import type { GuestResult, GuestWay, WayCommand } from "./way.ts";

/** How long what was given up may take to end by itself (ms). */
const GRACE = 10_000;

/** The guest agent, which is root, and hands over what a command printed when it has ended. */
export function agentWay(name: string, agent: Agent): GuestWay {
  return {
    kind: "agent",
    run: (command) => (command.bulk ? runInBulk(name, agent, command) : runByAgent(name, agent, command)),
    [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose](),
  };
}

async function runByAgent(name: string, agent: Agent, command: WayCommand): Promise<GuestResult> {
  const { script, as = null, input, onOutput, timeoutMs, signal, giveUp } = command;
  signal?.throwIfAborted();
  const given =
    input === undefined || typeof input === "string" || input instanceof Uint8Array ? input : await buffer(input);
  const limit = new AbortController();
  const ended = agent.exec({
    path: "/bin/sh",
    args: ["-c", `${PATH}\n${asUser("root", as, script("agent"))}`],
    ...(given !== undefined && { input: given }),
    signal: limit.signal,
  });
  const late = giveUpLate(agent, giveUp, limit, { signal, timeoutMs });
  try {
    const { exitCode, signal: by, stdout, stderr } = await ended;
    signal?.throwIfAborted();
    if (late.timedOut()) throw tooLate(name, timeoutMs ?? 0);
    onOutput?.("stdout", stdout);
    onOutput?.("stderr", stderr);
    return { exitCode: exitCode ?? 128 + (by ?? 0), stdout: text(stdout), stderr: text(stderr) };
  } catch (error) {
    signal?.throwIfAborted();
    throw late.timedOut() ? tooLate(name, timeoutMs ?? 0) : error;
  } finally {
    late.release();
  }
}

/** Input and standard output go through files in the guest, which the agent reads and writes piece by piece. */
async function runInBulk(name: string, agent: Agent, command: WayCommand): Promise<GuestResult> {
  const { script, as = null, input = "", onOutput, signal } = command;
  const file = `/tmp/.guestkit-${randomBytes(8).toString("hex")}`;
  const options = signal && { signal };
  try {
    await agent.writeFile(`${file}.in`, input as FileContent, { ...options, mode: 0o600 });
    const inner = asUser("root", as, script("agent"));
    const around = `umask 077\n(\n${inner}\n) < ${file}.in > ${file}.out`;
    const { onOutput: _, bulk: __, input: ___, as: ____, ...plain } = command;
    const result = await runByAgent(name, agent, { ...plain, script: () => around });
    for await (const chunk of agent.readFile(`${file}.out`, options)) onOutput?.("stdout", chunk);
    return result;
  } finally {
    await agent.exec({ path: "/bin/rm", args: ["-f", `${file}.in`, `${file}.out`], timeoutMs: GRACE }).catch(() => {});
  }
}

/** A service's environment may be empty. */
const PATH = "export PATH=${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin} HOME=${HOME:-/root}";

/** Asks the command to end when it takes too long or is aborted; gives it up where it does not, or cannot be asked. */
function giveUpLate(agent: Agent, giveUp: string | undefined, limit: AbortController, limits: Limits): Watch {
  const force = () => limit.abort();
  const askGuest = (script: string) => {
    agent.exec({ path: "/bin/sh", args: ["-c", script], timeoutMs: GRACE }).catch(force);
  };
  const ask = () => (giveUp === undefined ? force() : askGuest(giveUp));
  return endOnTime(limits, { ask, force, graceMs: GRACE });
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

function tooLate(name: string, timeoutMs: number): GuestkitError {
  const message = `Cannot finish in "${name}": the command took longer than ${Math.round(timeoutMs / 1000)} s`;
  return new GuestkitError("E_GUEST_TIMEOUT", message);
}
