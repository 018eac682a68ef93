import { spawn } from "node:child_process";
import { once } from "node:events";
import { findTool } from "../../core/host/program/process.ts";
import { listens } from "./paused-qemu.ts";

/** What it must not do to the host that the tests run on. */
const BLOCKED = [
  "guest-shutdown",
  "guest-suspend-disk",
  "guest-suspend-ram",
  "guest-fsfreeze-freeze",
  "guest-set-time",
];

/** A real qemu-ga whose guest is this host, with the harmful commands blocked; disposing ends it. */
export async function hostAgent(socket: string, dir: string): Promise<AsyncDisposable> {
  const options = ["-m", "unix-listen", "-p", socket, "-t", dir, "-f", `${dir}/agent.pid`, "-b", BLOCKED.join(",")];
  const child = spawn(findTool("qemu-ga"), options, { stdio: "ignore" });
  const ended = once(child, "exit");
  await listens(socket);
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
