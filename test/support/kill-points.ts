import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { ValueObject } from "../../core/model/value.ts";
import type { MachineHost } from "./machine-host.ts";

/** A change of what is declared, in the middle of which guestkit is killed. */
export interface Crossing {
  readonly name: string;
  readonly from: Readonly<Record<string, ValueObject>>;
  readonly to: Readonly<Record<string, ValueObject>>;
}

/** A whole apply takes about this long where nothing else runs (ms); points lie within, and a little beyond. */
const SHORTEST = 200;

/** mulberry32: the same points again for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How long an apply takes here and now (ms). */
export async function measure(host: MachineHost, { from, to }: Crossing): Promise<number> {
  await host.apply(from);
  const started = performance.now();
  await host.apply(to);
  return performance.now() - started;
}

export interface Killed {
  /** Whether it was still at work; false where the apply was faster. */
  readonly hit: boolean;
  readonly report: string;
}

/** Kills guestkit after `ms` of an apply, applies again, and looks that all is as declared and nothing is left over. */
export async function killAndRerun(host: MachineHost, { name, from, to }: Crossing, ms: number): Promise<Killed> {
  await host.apply(from);
  await host.declare(to);
  const killed = await host.run(["apply", "--auto-approve"], {
    onStart: (kill) => setTimeout(() => kill("SIGKILL"), Math.max(SHORTEST, ms)),
  });
  const what = `${name}, killed after ${Math.round(ms)} ms (exit code ${killed.exitCode})`;
  const at = killed.stderr.trim().split("\n").at(-1) ?? "";
  const said = await host.apply(to);
  expect(await host.plan(), `${what}: ${said}`).toEqual({});
  await demandTidy(host, Object.keys(to), what);
  return { hit: killed.exitCode === -1, report: `${what} at "${at}"` };
}

async function demandTidy(host: MachineHost, machines: readonly string[], what: string): Promise<void> {
  const { processes, files } = await host.remains();
  expect(processes, what).toHaveLength(machines.length);
  const leftovers = files.filter((each) => /guestkit-(partial|lock)/.test(each));
  expect(leftovers, what).toEqual([]);
  expect(
    files.filter((each) => /^m-[0-9a-f]+$/.test(each)),
    what,
  ).toHaveLength(machines.length);
  expect(
    files.filter((each) => /^machines\/[^/]+$/.test(each)),
    what,
  ).toEqual(machines.map((each) => `machines/${each}`));
  for (const machine of machines) {
    const run = await readFile(join(host.folder, "data/machines", machine, "run.json"), "utf8");
    expect(JSON.parse(run), what).toMatchObject({ ready: true });
  }
}
