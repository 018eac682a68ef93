import type { Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { LineCutter } from "../kit/lines.ts";
import type { OpenFar } from "./initialize.ts";
import { LONGEST_LINE } from "./protocol.ts";
import { RpcServer } from "./server.ts";

/** How often a server whose input has ended looks whether its parent lives (ms). */
const PARENT_CHECK = 200;

/**
 * Serves until the input ends and everything is answered. What still runs is stopped when the reader of `output` goes
 * away, when the parent dies, or when `signal` aborts. Where the client wishes so (`detached`), what it began is carried
 * out without it: nobody but it keeps the input open, so its end is the client's as well.
 */
export async function serve(input: Readable, output: Writable, signal: AbortSignal, openFar?: OpenFar): Promise<void> {
  const server = new RpcServer((message) => output.write(`${JSON.stringify(message)}\n`), openFar);
  const stop = () => {
    server.abort();
    input.destroy();
  };
  const leave = () => (server.isDetached ? server.abandon() : stop());
  output.on("error", leave);
  signal.addEventListener("abort", stop, { once: true });
  const lines = new LineCutter((line) => server.receive(line), { most: LONGEST_LINE });
  input.on("data", (chunk: Uint8Array) => {
    lines.push(chunk);
    if (server.isDetached) outlive();
  });
  input.once("end", () => lines.end());
  // A file on standard input ends and is never closed; what was read before it breaks off is answered all the same.
  await finished(input).catch(() => {});
  if (server.isDetached) server.abandon();
  const watch = server.isDetached ? undefined : watchParent(stop);
  await server.idle();
  clearInterval(watch);
}

/** A terminal or a line that is cut ends nothing: neither by its signal nor by a log that nobody reads. */
function outlive(): void {
  if (process.listeners("SIGHUP").includes(pass)) return;
  process.on("SIGHUP", pass);
  process.stderr.on("error", pass);
}

const pass = () => {};

function watchParent(onDeath: () => void): NodeJS.Timeout {
  const parent = process.ppid;
  return setInterval(() => process.ppid !== parent && onDeath(), PARENT_CHECK);
}
