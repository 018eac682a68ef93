import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recognise } from "../../../core/filesystem/recognise.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("recognise");
const UUID = "01234567-89ab-4cde-8f01-23456789abcd";

/** Commands that make content in FILE, as `sh` runs them. */
const MADE: Readonly<Record<string, { type: string; script: string; size?: number }>> = {
  "swap-4k": { type: "swap", script: `mkswap -q -L LBL -U ${UUID} FILE`, size: 400 << 20 },
  "swap-8k": { type: "swap", script: `mkswap -q -p 8192 -L LBL -U ${UUID} FILE` },
  "swap-16k": { type: "swap", script: `mkswap -q -p 16384 -L LBL -U ${UUID} FILE` },
  "swap-64k": { type: "swap", script: `mkswap -q -p 65536 -L LBL -U ${UUID} FILE` },
  xfs: { type: "xfs", script: `mkfs.xfs -q -L LBL -m uuid=${UUID} FILE` },
  btrfs: { type: "btrfs", script: `mkfs.btrfs -q -L LBL -U ${UUID} FILE` },
  ext4: { type: "ext4", script: `mkfs.ext4 -q -L LBL -U ${UUID} FILE` },
};

describe("recognise", () => {
  it.each(Object.entries(MADE))("%s, as blkid names it", async (name, { type, script, size }) => {
    const path = join(dir, name);
    await writeFile(path, "");
    await truncate(path, 400 << 20);
    await run("sh", ["-c", script.replace("FILE", path)]);
    expect(await blkid(path)).toMatchObject({ TYPE: type, UUID, LABEL: "LBL" });
    await using source = await openFileSource(path);
    expect(await recognise(source)).toMatchObject({ type, uuid: UUID, label: "LBL", ...(size && { size }) });
  });

  it("squashfs, by magic alone", async () => {
    const path = join(dir, "squashfs");
    await writeFile(join(dir, "content"), "content");
    await run("mksquashfs", [join(dir, "content"), path, "-quiet", "-no-progress"]);
    await using source = await openFileSource(path);
    expect(await recognise(source)).toEqual({ type: "squashfs", uuid: null, label: null, size: null });
  });

  it("nothing in zeros, text or a file shorter than any header", async () => {
    for (const content of [new Uint8Array(1 << 20), "LABELONE", ""]) {
      const path = join(dir, "nothing");
      await writeFile(path, content);
      await using source = await openFileSource(path);
      expect((await recognise(source))?.uuid ?? null).toBeNull();
    }
  });
});

async function blkid(path: string): Promise<Record<string, string>> {
  const told = await run("blkid", ["-p", "-o", "export", path]);
  return Object.fromEntries(told.split("\n").map((line) => line.split("=", 2) as [string, string]));
}
