import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { atGate } from "./gate.ts";

/** A qemu-img that waits at a gate, so that a test has commands at work for as long as it wants. */
export interface GatedTools {
  /** The environment of a command that is called `who` in the log. */
  env(who: string): Record<string, string>;
  open(): Promise<void>;
  shut(): Promise<void>;
  /** `enter WHO` and `leave WHO`, as they came. */
  log(): Promise<readonly string[]>;
  /** Until the log has this line so many times; at most 60 s. */
  until(line: RegExp, times?: number): Promise<void>;
}

export async function gatedTools(dir: string): Promise<GatedTools> {
  const [bin, gate, file] = ["gated-bin", "gate", "log"].map((each) => join(dir, each)) as [string, string, string];
  await mkdir(bin, { recursive: true });
  const script = `#!/bin/sh
for fd in /proc/$$/fd/*; do echo "open $WHO $(readlink $fd)" >> "${file}.open"; done
echo "enter $WHO" >> "${file}"
${atGate(gate)}
/usr/bin/qemu-img "$@"
code=$?
echo "leave $WHO" >> "${file}"
exit $code
`;
  await writeFile(join(bin, "qemu-img"), script);
  await chmod(join(bin, "qemu-img"), 0o755);
  for (const each of [file, `${file}.open`]) {
    await writeFile(each, "");
    await chmod(each, 0o666);
  }
  const log = async () => (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  return {
    env: (who) => ({ WHO: who, PATH: bin + delimiter + process.env.PATH }),
    open: () => writeFile(gate, ""),
    shut: () => rm(gate, { force: true }),
    log,
    until: (line, times = 1) => eventually(async () => (await log()).filter((each) => line.test(each)).length >= times),
  };
}

/** Waits until something holds, at most 60 s. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("It did not come to that within 60 s");
    await sleep(20);
  }
}
