import { spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
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
  await Promise.race([died, appears(qmp)]);
  return { dir: folder, qmp, pid: child.pid as number, ended };
}

/** Waits until a file is there, at most 30 s. */
export async function appears(path: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (
    !(await access(path).then(
      () => true,
      () => false,
    ))
  ) {
    if (performance.now() > deadline) throw new Error(`${path} did not appear`);
    await sleep(20);
  }
}
