import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { demandArguments, findTool } from "./process.ts";
import { TailBuffer } from "./tail-buffer.ts";

/** A program that is spoken with over its standard input and output for as long as both sides wish. */
export interface Talk {
  readonly input: Writable;
  readonly output: Readable;
  /** Once it has ended and all of its output was taken: its exit code, null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** The end of what it said on its standard error. */
  lastWords(): string;
  /** Whether this process waits for it before it ends. */
  hold(isHeld: boolean): void;
  end(): void;
}

const TAIL = 16 << 10;

/**
 * Starts it with this process's own environment and what is given beside it. It ends by the end of its input, that of this process as well: nothing
 * is needed on this machine to tie the two. Throws `E_TOOL_MISSING`.
 */
export function talk(command: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): Talk {
  demandArguments(command, args);
  // Its own session: a Ctrl-C reaches us alone.
  const env = { ...process.env, ...more };
  const child = spawn(findTool(command), args, { stdio: ["pipe", "pipe", "pipe"], detached: true, env });
  const tail = new TailBuffer(TAIL);
  child.stderr.on("data", (chunk: Uint8Array) => tail.push(chunk));
  // It may end without having read everything.
  child.stdin.on("error", () => {});
  // What it leaves behind (a shared connection of ssh) may keep its standard error open.
  const left = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("exit", (code) => resolve(code));
  });
  const silent = new Promise((resolve) => child.stdout.once("close", resolve));
  const handles = [child, child.stdin, child.stdout, child.stderr] as unknown as readonly Pick<
    Socket,
    "ref" | "unref"
  >[];
  return {
    input: child.stdin,
    output: child.stdout,
    ended: Promise.all([left, silent]).then(([code]) => code),
    lastWords: () => tail.text().trim(),
    hold: (isHeld) => {
      for (const handle of handles) isHeld ? handle.ref() : handle.unref();
    },
    end: () => {
      child.stdin.end();
      child.kill("SIGTERM");
    },
  };
}
