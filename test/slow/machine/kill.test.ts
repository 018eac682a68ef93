import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { type Crossing, killAndRerun, measure, randomFrom } from "../../support/kill-points.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { microMachine } from "../../tools/machine/declared.ts";

const POINTS = 24;
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
  machine = await microMachine("", { provision, ...stop, memory: "192M", networks: {} });
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
      const line = await killAndRerun(host, crossing, random() * (times.get(crossing) ?? 0));
      console.log(`${point + 1}/${POINTS} ${line}`);
    }
    await host.apply({});
    expect((await host.remains()).processes).toEqual([]);
  });
});
