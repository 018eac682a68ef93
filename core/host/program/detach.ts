import { type ChildProcess, spawn } from "node:child_process";
import { findTool } from "./process.ts";

/** A program that was started to go on by itself. */
export type Detached = ChildProcess;

/** Starts a program that goes on to its end whatever becomes of us. It prints nothing. Throws `E_TOOL_MISSING`. */
export function detach(command: string, args: readonly string[]): Detached {
  return spawn(findTool(command), args, { cwd: "/", detached: true, stdio: "ignore" });
}
