import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs a tool with the system folders on PATH, UTC and a UTF-8 locale; its stdout. Rejects unless it exits with 0. */
export async function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  for (let turn = 1; ; turn++) {
    try {
      return await runOnce(file, args, env);
    } catch (error) {
      if (turn === TURNS || !UNMEASURED.test((error as { stderr?: string }).stderr ?? "")) throw error;
    }
  }
}

/**
 * QEMU counts a new LUKS key's rounds by the processor time of a trial, and gives up where the kernel has counted none of
 * that yet, as on a busy host.
 */
const UNMEASURED = /Unable to get accurate CPU usage/;
const TURNS = 10;

async function runOnce(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await execute(file, args, {
    maxBuffer: 256 << 20,
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, TZ: "UTC", LC_ALL: "C.UTF-8", ...env },
  });
  return stdout;
}
