import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { demandUnused } from "../../../core/build/use.ts";
import { lockFile } from "../../../core/host/file-lock.ts";
import { takeLock } from "../../../core/host/lock.ts";
import { machineFolder } from "../../../core/machine/folder.ts";
import { contextIn, diskOf, machineOf, startQemu } from "../../support/machine.ts";
import { run, scratch } from "../../support/run.ts";

const root = await scratch("machine-locks");
const context = contextIn(root);
const now = { patience: 0 };

it("keeps our locks and QEMU's apart: neither hinders the other, and no QEMU holds ours on", async () => {
  const image = join(root, "disk.raw");
  await run("qemu-img", ["create", "-q", "-f", "raw", image, "1M"]);
  const { path } = machineFolder("web", context.settings);
  await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
  const locks = [await takeLock(path, context), await lockFile(image, context)];
  const machine = machineOf({ name: "web", disks: { root: diskOf(image) }, extra_args: ["-S"] });
  await using _qemu = await startQemu(machine, context);
  // QEMU took its own lock on the file that ours lies on.
  await expect(demandUnused(image)).rejects.toMatchObject({ code: "E_IMAGE_IN_USE" });
  await expect(lockFile(image, context, now)).rejects.toMatchObject({ code: "E_LOCKED" });
  for (const lock of locks) await lock[Symbol.asyncDispose]();
  await using _machine = await takeLock(path, context, now);
  await using _image = await lockFile(image, context, now);
  await expect(demandUnused(image)).rejects.toMatchObject({ code: "E_IMAGE_IN_USE" });
});
