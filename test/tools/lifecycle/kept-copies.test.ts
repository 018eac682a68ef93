import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { isThere } from "../../../core/host/is-there.ts";
import { demandStartable } from "../../../core/lifecycle/template/guard.ts";
import { machinesOver } from "../../../core/lifecycle/template/leaning.ts";
import { effectiveMachine } from "../../../core/machine/disks/effective.ts";
import { makeOwnDisks } from "../../../core/machine/disks/own-disk.ts";
import { machineFolder } from "../../../core/machine/folder.ts";
import type { Machine } from "../../../core/machine/machine.ts";
import { NEW, readMemory, writeMemory } from "../../../core/machine/memory.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { update } from "../../../core/resource/virtual-machine/update.ts";
import { contextIn, diskOf, machineOf } from "../../support/machine.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("kept");
const context = contextIn(join(dir, "host"));
const { settings } = context;
const base = join(dir, "base.qcow2");
const folder = machineFolder("work", settings);
const work = machineOf({ name: "work", base, recreate_overlay: "never", running: false, preflight: "off" });

async function thinCopy(of: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", of, path]);
}

async function record(machine: Machine): Promise<void> {
  await mkdir(machineFolder(machine.name, settings).path, { recursive: true, mode: 0o700 });
  await writeMemory(machineFolder(machine.name, settings), { origin: "created", owner: null, machine, details: NEW });
}

const applied = (more: Partial<Machine>) => update("work", { ...work, ...more } as unknown as ValueObject, [], context);

describe("a kept copy", () => {
  beforeEach(async () => {
    await run("qemu-img", ["create", "-q", "-f", "qcow2", base, "1M"]);
    await record(work);
    await thinCopy(base, folder.overlay("root"));
  });

  it("counts as long as it lies there, whatever the declaration says", async () => {
    await record({ ...work, recreate_overlay: "always" });
    expect(await machinesOver([base], settings)).toEqual(["work"]);
    await record(machineOf({ name: "work" }));
    expect(await machinesOver([base], settings)).toEqual(["work"]);
  });

  it("goes when a machine that stands still is to keep none", async () => {
    await applied({ recreate_overlay: "always" });
    expect(await isThere(folder.overlay("root"))).toBe(false);
    expect(await machinesOver([base], settings)).toEqual([]);
  });

  it("stays where others lean on it, and so does the record", async () => {
    const other = machineFolder("other", settings);
    await record(machineOf({ name: "other", template_vm: "work", recreate_overlay: "never" }));
    await thinCopy(folder.overlay("root"), other.overlay("root"));
    await expect(applied({ recreate_overlay: "always" })).rejects.toMatchObject({
      code: "E_BASE_HAS_OVERLAYS",
      message: expect.stringContaining('"other"'),
    });
    expect(await isThere(folder.overlay("root"))).toBe(true);
    expect((await readMemory(folder))?.machine.recreate_overlay).toBe("never");
    // A start that throws it away, since the disk is none of it any more, is refused likewise.
    const plain = machineOf({ name: "work", disks: { root: diskOf(base) } });
    await expect(demandStartable(plain, folder, settings)).rejects.toMatchObject({ code: "E_BASE_HAS_OVERLAYS" });
    await rm(other.path, { recursive: true });
  });

  it("goes with the start that writes to what it leans on", async () => {
    const plain = machineOf({ name: "work", disks: { root: diskOf(base) } });
    await makeOwnDisks(await effectiveMachine(plain, settings), folder, context);
    expect(await isThere(folder.overlay("root"))).toBe(false);
  });
});
