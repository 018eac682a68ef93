import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { bareMachine } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const copy = (name: string) => join(host.folder, "data/machines/m/disks", `${name}.qcow2`);

/** Applies and finds nothing left to do. */
async function settle(machine: ValueObject): Promise<void> {
  await host.apply({ m: machine });
  expect(await host.plan()).toEqual({});
}

it("misses the copies that the last start kept, and no disk that is declared since", async () => {
  const image = join(host.folder, "base.qcow2");
  await run("qemu-img", ["create", "-q", "-f", "qcow2", image, "16M"]);
  const disk = { image, overlay: true };
  const [one, both] = [{ root: disk }, { root: disk, data: disk }];
  await settle(bareMachine({ disks: one }));
  await settle(bareMachine({ running: false, disks: one }));
  await settle(bareMachine({ running: false, disks: both }));
  await settle(bareMachine({ disks: both }));
  await settle(bareMachine({ running: false, disks: both }));
  await rm(copy("data"));
  expect(await host.plan()).toEqual({ "virtual_machine.m": "replace" });
});
