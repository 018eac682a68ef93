import { once } from "node:events";
import { rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { watchLimits } from "../../../core/disposable/limits.ts";
import { markOf } from "../../../core/disposable/with-disposable.ts";
import { machineFolder, prepareFolder } from "../../../core/machine/folder.ts";
import { contextIn, diskOf, machineOf } from "../../support/machine.ts";
import { scratch } from "../../support/scratch.ts";

const MIB = 1 << 20;
const dir = await scratch("limit");
const overlays = { a: diskOf("/a.img", { overlay: true }), b: diskOf("/b.img", { overlay: true }) };
const limit = async (disks: Parameters<typeof machineOf>[0]["disks"]) =>
  (await markOf(machineOf({ name: "work", disks: { ...overlays, ...disks } }), { base: "base", quotaBytes: 64 * MIB }))
    .file_limit;

it("lets no overlay grow past its part, and a disk of the caller's own be written to its end", async () => {
  const image = join(dir, "out.raw");
  await writeFile(image, "");
  await truncate(image, 40 * MIB);
  expect(await limit({})).toBe(32 * MIB);
  expect(await limit({ out: diskOf(image) })).toBe(40 * MIB);
  expect(await limit({ out: diskOf(image, { read_only: true }) })).toBe(32 * MIB);
});

it("tells the limit that was passed even when less is taken since", async () => {
  const folder = machineFolder("full", contextIn(dir).settings);
  await prepareFolder(folder);
  const log = join(folder.path, "a.log");
  await writeFile(log, new Uint8Array(3 * MIB).fill(1));
  const mark = {
    format_version: 1,
    owner: { pid: 1, tag: "" },
    base: "base",
    quota: 2 * MIB,
    file_limit: 64 * MIB,
  } as const;
  await using limits = watchLimits(folder, "full", mark);
  if (!limits.signal.aborted) await once(limits.signal, "abort");
  await rm(log);
  await expect(limits.check()).rejects.toMatchObject({ code: "E_DISPOSABLE_QUOTA" });
});
