import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { reserve } from "../../../core/disposable/reserve.ts";
import { takeLock } from "../../../core/host/lock.ts";
import { ownOwner } from "../../../core/host/owner.ts";
import { machineFolder, prepareFolder } from "../../../core/machine/folder.ts";
import { type DisposableMark, readMark, writeMark } from "../../../core/machine/mark.ts";
import { NEW, readMemory, writeMemory } from "../../../core/machine/memory.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { create } from "../../../core/resource/virtual-machine/create.ts";
import { contextIn, machineOf } from "../../support/machine.ts";
import { scratch } from "../../support/scratch.ts";

const context = contextIn(join(await scratch("reserve"), "host"));
const folder = machineFolder("work", context.settings);
const mark: DisposableMark = { format_version: 1, owner: ownOwner(), base: "base", quota: 1, file_limit: 1 };
const machine = machineOf({ name: "work", running: false, preflight: "off" });
const apply = () => create(machine as unknown as ValueObject, { replacing: false }, context);

afterEach(() => rm(folder.path, { recursive: true, force: true }));

it("leaves a name alone while somebody else makes a machine of it", async () => {
  const lock = await takeLock(folder.path, context);
  await mkdir(folder.path, { mode: 0o700 });
  const reserving = reserve("work", mark, context).then(
    () => "reserved",
    ({ code }: { code: string }) => code,
  );
  expect(await Promise.race([reserving, sleep(150, "waits")])).toBe("waits");
  await prepareFolder(folder);
  await lock[Symbol.asyncDispose]();
  expect(await reserving).toBe("E_MACHINE_EXISTS");
  expect(await readdir(folder.path)).toEqual(["disks"]);
});

it("keeps a name from being applied until its process is dead", async () => {
  await reserve("work", mark, context);
  await expect(apply()).rejects.toMatchObject({ code: "E_MACHINE_EXISTS" });
  expect(await readMark(folder)).toEqual(mark);
  await writeMark(folder.path, { ...mark, owner: { pid: 2 ** 22 + 1, tag: "00000000" } });
  await writeMemory(folder, { origin: "created", owner: null, machine, details: { ...NEW, ready: true } });
  await apply();
  expect(await readMark(folder)).toBeNull();
  expect((await readMemory(folder))?.details.ready).toBe(true);
});
