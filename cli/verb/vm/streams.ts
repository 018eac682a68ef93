import type { Readable } from "node:stream";
import { asGuestkitError } from "@guestkit/core/kit";
import { NOT_IN, type Via } from "@guestkit/core/machine";
import { writeOut } from "../../output/stdout.ts";

/** How a command in a guest is run with this process's own standard input and outputs. */
export type Streams =
  | { readonly via: "ssh"; readonly inherit: true }
  | {
      readonly via: "agent";
      readonly onOutput: (stream: "stdout" | "stderr", chunk: Uint8Array) => void;
      readonly input?: Readable;
    };

/** By SSH they are handed on themselves; by the agent input is read first, and what was printed comes at the end. */
export async function withStreams(
  via: Via,
  hasSsh: boolean,
  call: (streams: Streams) => Promise<{ readonly exitCode: number }>,
): Promise<number> {
  if (via === "ssh" || (via === "auto" && hasSsh)) {
    const failure = await call({ via: "ssh", inherit: true }).catch(asGuestkitError);
    if ("exitCode" in failure) return failure.exitCode;
    // Nobody was let in: the command has not run, and standard input is untouched.
    if (via === "ssh" || !NOT_IN.includes(failure.code)) throw failure;
    return await byAgent(call).catch((error) => {
      throw asGuestkitError(error).code.startsWith("E_AGENT_") ? failure : error;
    });
  }
  return await byAgent(call);
}

async function byAgent(call: (streams: Streams) => Promise<{ readonly exitCode: number }>): Promise<number> {
  const input = process.stdin.isTTY ? {} : { input: process.stdin };
  return (await call({ via: "agent", onOutput: passOn, ...input })).exitCode;
}

/** What a guest's command prints, as it comes. */
export function passOn(stream: "stdout" | "stderr", chunk: Uint8Array): void {
  if (stream === "stdout") writeOut(chunk);
  else process.stderr.write(chunk);
}
