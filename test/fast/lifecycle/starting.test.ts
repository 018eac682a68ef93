import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { lockFile } from "../../../core/host/file-lock.ts";
import { takeLock } from "../../../core/host/lock.ts";
import { demandStartable } from "../../../core/lifecycle/template/guard.ts";
import { announceStart, waitForTemplates } from "../../../core/lifecycle/template/starting.ts";
import { effectiveMachine } from "../../../core/machine/disks/effective.ts";
import { machineFolder, prepareFolder } from "../../../core/machine/folder.ts";
import { NEW, writeMemory } from "../../../core/machine/memory.ts";
import { contextIn, diskOf, machineOf } from "../../support/machine.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("starting");
const context = contextIn(join(dir, "host"));
const { settings } = context;
const image = join(dir, "base.img");
const base = machineOf({ name: "base", disks: { root: diskOf(image), more: diskOf(image, { overlay: true }) } });
const work = machineOf({ name: "work", template_vm: "base" });
const folderOf = (name: string) => machineFolder(name, settings);

await mkdir(dir, { recursive: true });
await writeFile(image, "");
for (const machine of [base, work]) {
  await prepareFolder(folderOf(machine.name));
  await writeMemory(folderOf(machine.name), { origin: "created", owner: null, machine, details: NEW });
}
const effective = await effectiveMachine(work, settings);

it("keeps a template from starting from its announcement to its end", async () => {
  const announced = await announceStart(effective, folderOf("work"), settings);
  const message = expect.stringContaining('"work"');
  const refused = { code: "E_BASE_HAS_OVERLAYS", message };
  await expect(demandStartable(base, folderOf("base"), settings)).rejects.toMatchObject(refused);
  // Its copy of a disk as well, which its first start is still to make.
  const { more } = base.disks;
  const own = { ...base, disks: more ? { more } : {} };
  await expect(demandStartable(own, folderOf("base"), settings)).rejects.toMatchObject(refused);
  await announced[Symbol.asyncDispose]();
  await demandStartable(base, folderOf("base"), settings);
});

/** The name of the one file that an announcement adds to a machine's folder. */
async function announcement(): Promise<string> {
  const { path } = folderOf("work");
  const before = await readdir(path);
  await using _announced = await announceStart(effective, folderOf("work"), settings);
  const [mark = ""] = (await readdir(path)).filter((name) => !before.includes(name));
  return mark;
}

it("counts for nothing when its process is dead", async () => {
  const { path } = folderOf("work");
  const mark = await announcement();
  // No process has this number.
  const left = mark.replace(/partial-\d+-/, "partial-4194305-");
  await writeFile(join(path, left), JSON.stringify([image]));
  await demandStartable(base, folderOf("base"), settings);
  await prepareFolder(folderOf("work"));
  expect(await readdir(path)).not.toContain(left);
});

it("waits for whoever changes its template or an image, and names him where that lasts", async () => {
  for (const take of [() => takeLock(folderOf("base").path, context), () => lockFile(image, context)]) {
    const lock = await take();
    const waiting = waitForTemplates(effective, context).then(() => "free");
    expect(await Promise.race([waiting, sleep(150, "held")])).toBe("held");
    await lock[Symbol.asyncDispose]();
    expect(await waiting).toBe("free");
  }
  await using _lock = await takeLock(folderOf("base").path, context);
  await expect(waitForTemplates(effective, context, 0)).rejects.toMatchObject({
    code: "E_LOCKED",
    message: `Cannot use "base": process ${process.pid} is changing it`,
  });
});
