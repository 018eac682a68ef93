import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs a tool with the system folders on PATH, UTC and a UTF-8 locale; its stdout. Rejects unless it exits with 0. */
export async function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await execute(file, args, {
    maxBuffer: 256 << 20,
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, TZ: "UTC", LC_ALL: "C.UTF-8", ...env },
  });
  return stdout;
}
