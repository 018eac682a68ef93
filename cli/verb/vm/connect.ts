import { createWriteStream, fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { Writable } from "node:stream";
import { joinGuest, liveRun, reachMachine } from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";

export async function run({ positionals: [name = ""], signal }: Invocation): Promise<number> {
  const reached = await reachMachine(name, signal);
  await joinGuest(reached.machine, await liveRun(reached), { input: process.stdin, output: output() });
  return EXIT.done;
}

/** Standard output as a stream that can be ended, which Node's own cannot: whoever reads it waits for that. */
function output(): Writable {
  const found = fstatSync(1);
  const isPipe = found.isFIFO() || found.isSocket();
  return isPipe ? new Socket({ fd: 1, readable: false, writable: true }) : createWriteStream("", { fd: 1 });
}
