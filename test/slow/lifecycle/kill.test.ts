import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { microMachine } from "../../support/declared.ts";
import { type Crossing, killAndRerun, measure, randomFrom } from "../../support/kill-points.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";

const POINTS = 24;
/** Until then a command line is being read, and nothing has been done (ms). */
const START = 300;
const SEED = Number(process.env.GUESTKIT_SEED ?? 4);

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

let machine: ValueObject;
beforeAll(async () => {
  const provision = [
    { name: "one", inline: ["sleep 1"], via: "agent" },
    { name: "two", inline: ["sleep 1"], via: "agent", when: "always" },
  ];
  const stop = { timeouts: { stop: 30, quit: 10 } };
  // A disk that outlives it: the guest is asked to shut down before the machine is removed.
  const disk = join(host.folder, "data.qcow2");
  await run("qemu-img", ["create", "-q", "-f", "qcow2", disk, "8M"]);
  const base = join(host.folder, "base.qcow2");
  await run("qemu-img", ["create", "-q", "-f", "qcow2", base, "8M"]);
  const disks = { own: { image: base, overlay: true }, data: { image: disk } };
  machine = await microMachine("", { provision, ...stop, memory: "192M", networks: {}, disks });
});

describe("kill -9 of guestkit, with a guest that boots", () => {
  it(`at ${POINTS} random points of up, change and destroy leaves what the same apply brings to its end`, async () => {
    const random = randomFrom(SEED);
    const crossings: readonly Crossing[] = [
      { name: "up", from: {}, to: { vm: machine } },
      { name: "change", from: { vm: machine }, to: { vm: { ...machine, memory: "224M" } } },
      { name: "destroy", from: { vm: machine }, to: {} },
    ];
    const times = new Map<Crossing, number>();
    for (const crossing of crossings) times.set(crossing, await measure(host, crossing));
    for (let point = 0; point < POINTS; point++) {
      const crossing = crossings[point % crossings.length] as Crossing;
      const whole = times.get(crossing) ?? 0;
      const ms = START + random() * Math.max(0, whole - START);
      const { hit, report } = await killAndRerun(host, crossing, ms);
      // It was measured while the host was busier.
      if (!hit) times.set(crossing, ms);
      console.log(`${point + 1}/${POINTS} ${report}`);
    }
    await host.apply({});
    expect((await host.remains()).processes).toEqual([]);
  });
});
