import { describe, expect, it } from "vitest";
import { memorySource } from "../../../core/source/memory.ts";
import { md } from "../../../core/volume/md/index.ts";

describe("md", () => {
  it.each([
    ["Intel's", 1024, Buffer.from("Intel Raid ISM Cfg Sig. 1.2.02")],
    ["a DDF", 512, Buffer.from("de11de11", "hex")],
  ])("names a member of %s firmware RAID, and reads none", async (words, fromEnd, mark) => {
    const disk = new Uint8Array(1 << 20);
    disk.set(mark, disk.length - fromEnd);
    const source = memorySource(disk, "disk");
    expect(await md.probe(source)).toBe(true);
    await expect(md.read({ device: "/dev/sda", source })).rejects.toMatchObject({
      code: "E_MD_CONTAINER",
      message: expect.stringContaining(words),
      at: { file: "disk" },
    });
  });

  it.each([0, 1, 511, 4096, 65_536, 70_000])("is nothing of a disk of %i bytes without marks", async (size) => {
    expect(await md.probe(memorySource(new Uint8Array(size)))).toBe(false);
  });
});
