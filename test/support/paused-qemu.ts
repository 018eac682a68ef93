import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { scratch } from "./scratch.ts";

export interface PausedQemu {
  readonly dir: string;
  readonly qmp: string;
  readonly pid: number;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

/** A real QEMU whose guest never runs; ends with the test. */
export async function pausedQemu(args: readonly string[] = ["-machine", "none"], dir?: string): Promise<PausedQemu> {
  const folder = dir ?? (await scratch("qemu"));
  const qmp = join(folder, "qmp.sock");
  const common = ["-S", "-nodefaults", "-no-user-config", "-display", "none", "-accel", "tcg"];
  const monitor = ["-qmp", `unix:${qmp},server=on,wait=off`];
  const child = spawn("qemu-system-x86_64", [...common, ...monitor, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  const died = ended.then((code) => Promise.reject(new Error(`QEMU ended with ${code}: ${said}`)));
  died.catch(() => {});
  await Promise.race([died, listens(qmp)]);
  return { dir: folder, qmp, pid: child.pid as number, ended };
}

/** Waits until a unix socket is listened on, at most 30 s, without connecting: some serve one client alone. */
export async function listens(path: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await isListening(path))) {
    if (performance.now() > deadline) throw new Error(`Nothing listens on ${path}`);
    await sleep(20);
  }
}

/** By proc_net_unix(5): the flag `__SO_ACCEPTCON` in the fourth column, the path in the eighth. */
async function isListening(path: string): Promise<boolean> {
  const sockets = (await readFile("/proc/net/unix", "utf8")).split("\n").map((line) => line.trim().split(/\s+/));
  return sockets.some(
    ([, , , flags = "0", , , , name]) => name === path && (Number.parseInt(flags, 16) & 0x10000) !== 0,
  );
}
