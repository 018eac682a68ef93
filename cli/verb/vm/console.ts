import { open } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { GuestkitError } from "@guestkit/core/kit";
import { demandFreeConsole, liveRun, type Reached, reachMachine } from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";
import { writeOut } from "../../output/stdout.ts";
import { note } from "../place.ts";

/** Ctrl-], as telnet and virsh have it. */
const ESCAPE = 0x1d;
/** Bytes of the log that are shown first. */
const TAIL = 4 << 10;

export async function run({ positionals: [name = ""], signal }: Invocation): Promise<number> {
  const reached = await reachMachine(name, signal);
  await liveRun(reached, true);
  await sitDown(reached);
  return EXIT.done;
}

/**
 * This terminal at the console, until one of the two leaves. With `signal` that ends it as well; otherwise a signal ends
 * the process.
 */
export async function sitDown(reached: Reached, signal?: AbortSignal): Promise<void> {
  const { name } = reached.machine;
  await demandFreeConsole(reached);
  note(`at the console of "${name}"; Ctrl-] leaves it`);
  await showTail(reached.folder.consoleLog);
  const socket = await connected(reached);
  const left = await attach(socket, process.stdin, signal);
  note(left ? `left the console of "${name}"` : `the console of "${name}" was closed`);
}

/** From the beginning of a line. A person at a console sees what it prints, as at any terminal. */
async function showTail(path: string): Promise<void> {
  const file = await open(path, "r").catch(() => null);
  if (!file) return;
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - TAIL);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL), 0, TAIL, start);
    const bytes = buffer.subarray(0, bytesRead);
    writeOut(start === 0 ? bytes : bytes.subarray(bytes.indexOf(10) + 1));
  } finally {
    await file.close();
  }
}

function connected({ machine: { name }, folder }: Reached): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: folder.socket("console") });
    socket.once("connect", () => resolve(socket));
    socket.once("error", (cause) => {
      const help = `See whether it runs: guestkit vm status ${name}`;
      reject(new GuestkitError("E_CONSOLE", `Cannot open the console of "${name}": ${cause.message}`, { cause, help }));
    });
  });
}

/** Passes both directions on until one leaves (true) or QEMU closes it (false); the terminal is as before after that. */
async function attach(socket: Socket, terminal: NodeJS.ReadStream, signal?: AbortSignal): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const restore = rawMode(terminal, signal === undefined);
  signal?.addEventListener("abort", () => resolve(true), { once: true });
  const onInput = (bytes: Buffer) => {
    const end = bytes.indexOf(ESCAPE);
    socket.write(end < 0 ? bytes : bytes.subarray(0, end));
    if (end >= 0) resolve(true);
  };
  socket.on("data", (bytes) => {
    try {
      writeOut(bytes);
    } catch (error) {
      reject(error);
    }
  });
  socket.on("close", () => resolve(false));
  socket.on("error", () => resolve(false));
  terminal.on("data", onInput);
  try {
    return await promise;
  } finally {
    terminal.off("data", onInput);
    terminal.pause();
    restore();
    socket.destroy();
  }
}

function rawMode(terminal: NodeJS.ReadStream, endsBySignal: boolean): () => void {
  if (!terminal.isTTY) return () => {};
  const restore = () => void terminal.setRawMode(false);
  const end = () => {
    restore();
    process.exit(EXIT.interrupted);
  };
  terminal.setRawMode(true);
  process.once("exit", restore);
  if (endsBySignal) for (const signal of ["SIGTERM", "SIGHUP"] as const) process.once(signal, end);
  return () => {
    restore();
    process.off("exit", restore);
  };
}
