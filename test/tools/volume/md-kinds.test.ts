import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { memorySource } from "../../../core/source/memory.ts";
import { type ByteSource, stream } from "../../../core/source/source.ts";
import { md } from "../../../core/volume/md/index.ts";
import { type OpenedStack, openStack } from "../../support/open-stack.ts";
import { writeMbr } from "../../support/partitions.ts";
import { patchedSource } from "../../support/patched-source.ts";
import { type StackImages, stackImages } from "../../support/stack-images/index.ts";
import { arrayMembers } from "../../support/stack-images/slices.ts";
import { mendSuperblock1, SUPERBLOCK_1_2 } from "./damage/md-structures.ts";

/** Disks that an array can do without, by what its name begins with. */
const SPARE_DISKS = [
  [/^(linear|raid0)/, 0],
  [/^raid1-10$|^raid10-(n3|f3|o3)$|^raid6/, 2],
  [/^raid(1|4|5|10)/, 1],
] as const;
const sparesOf = (name: string) => SPARE_DISKS.find(([match]) => match.test(name))?.[1] ?? 0;

async function sha256(source: ByteSource): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of stream(source, { chunk: 300_001 })) hash.update(piece);
  return hash.digest("hex");
}

describe("arrays of every kind, as the kernel reads them", () => {
  let images: StackImages;
  let arrays: ReadonlyMap<string, readonly ByteSource[]>;
  beforeAll(async () => {
    images = await stackImages("md");
    arrays = await arrayMembers(images);
  });
  const membersOf = (name: string) => arrays.get(name) ?? [];

  async function verdict(stack: OpenedStack, name: string): Promise<string> {
    const [array] = stack.devices;
    if (!array?.source) return array?.error?.code ?? "none";
    return (await sha256(array.source)) === images.sums.get(name) ? "same" : "differs";
  }

  it("each level, layout and superblock, whole, in any order", async () => {
    const found = [];
    for (const name of images.sums.keys()) {
      const stack = await openStack(membersOf(name).toReversed());
      found.push([name, await verdict(stack, name), stack.missing]);
    }
    expect(found).toEqual([...images.sums.keys()].map((name) => [name, "same", []]));
    expect(found.length).toBeGreaterThan(35);
  });

  it("tells what mdadm tells", async () => {
    for (const name of images.sums.keys()) {
      const { devices } = await openStack(membersOf(name));
      const told = images.told[`detail-${name}`] ?? "";
      const line = (title: string) => new RegExp(`^ *${title} : (.*)$`, "m").exec(told)?.[1];
      const [array] = devices;
      expect([name, array?.details.level, array?.details.disks]).toEqual([
        name,
        line("Raid Level"),
        Number(line("Raid Devices")),
      ]);
      expect([name, array?.details.metadata]).toEqual([name, line("Version")]);
      expect([name, array?.details.layout ?? line("Layout")]).toEqual([name, line("Layout")]);
      expect(array?.uuid?.replaceAll("-", "")).toBe(line("UUID")?.replace(/ .*/, "").replaceAll(":", ""));
    }
  });

  it("without one disk and without two: read the same as far as copies and parity reach, refused beyond", async () => {
    const wrong: string[] = [];
    for (const name of images.sums.keys()) {
      if (/stale|spare/.test(name)) continue;
      const members = membersOf(name);
      for (const [index, member] of members.entries()) {
        // Neighbours, and two apart: copies lie on the one, and parity goes round on the other.
        const without = [[member], ...(index < 2 ? [[member, members[(index + 1 + index) % members.length]]] : [])];
        for (const lost of without.filter((each) => each.length < members.length)) {
          const stack = await openStack(members.filter((each) => !lost.includes(each)));
          const said = await verdict(stack, name);
          const may =
            lost.length <= sparesOf(name)
              ? ["same"]
              : name.startsWith("raid10")
                ? ["same", "E_MD_MISSING"]
                : ["E_MD_MISSING"];
          if (!may.includes(said)) wrong.push(`${name} without ${lost.map((each) => each?.name)}: ${said}`);
          if (said === "same" && !stack.warnings.some((each) => each.includes("is degraded")))
            wrong.push(`${name} says nothing`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("leaves out members that fell behind, and reads what took their place", async () => {
    const stale = await openStack(membersOf("raid1-stale"));
    expect(stale.warnings).toEqual([
      "/dev/sda is left out of /dev/md127: it is behind the other members",
      "/dev/md127 is degraded: it lacks 1 of its 2 disks (0)",
    ]);
    const spare = membersOf("raid5-spare");
    for (const lost of spare) {
      const stack = await openStack(spare.filter((each) => each !== lost));
      expect([lost.name, await verdict(stack, "raid5-spare")]).toEqual([lost.name, "same"]);
    }
  });

  const set = (bytes: Uint8Array, at: number, value: number) =>
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value, true);
  it.each([
    ["RESHAPE", 0, "it is being reshaped", (bytes: Uint8Array) => set(bytes, 8, 4)],
    ["JOURNAL", 0, "it has a journal", (bytes: Uint8Array) => set(bytes, 8, 512)],
    ["FEATURE", 0, "unknown features \\(0x80000000\\)", (bytes: Uint8Array) => set(bytes, 8, 0x80000000)],
    ["LEVEL", 0, "its level is 7", (bytes: Uint8Array) => set(bytes, 72, 7)],
    ["LAYOUT", 0, "its chunks are 0 bytes", (bytes: Uint8Array) => set(bytes, 88, 0)],
    ["DIRTY", 1, "it was being written to when it lost a disk", (bytes: Uint8Array) => bytes.fill(0, 208, 216)],
  ])("refuses with E_MD_%s", async (part, lost, words, change) => {
    const members = await Promise.all(
      membersOf("raid5-ls").map(async (member) => {
        const bytes = (await member.read(SUPERBLOCK_1_2, 4096)).slice();
        change(bytes);
        mendSuperblock1(bytes);
        return patchedSource(member, [{ offset: SUPERBLOCK_1_2, bytes }]);
      }),
    );
    const { devices } = await openStack(members.slice(lost));
    expect(devices[0]?.error).toMatchObject({ code: `E_MD_${part}`, message: expect.stringMatching(words) });
    expect(devices[0]?.source).toBeNull();
  });

  it("takes a superblock of version 0.90 at a disk's end for its last partition's", async () => {
    const [member] = membersOf("raid1-090") as [ByteSource];
    const disk = new Uint8Array(2 ** 20 + member.size);
    disk.set(await member.read(0, member.size), 2 ** 20);
    const whole = memorySource(disk);
    expect(await md.probe(whole)).toBe(true);
    writeMbr(disk, [{ slot: 1, type: 0xfd, start: 2048, count: member.size / 512 }]);
    expect(await md.probe(whole)).toBe(false);
    expect(await md.probe(memorySource(disk.subarray(2 ** 20)))).toBe(true);
  });

  it("gives no bytes of blocks that the array calls bad", async () => {
    const [member] = membersOf("raid1-11") as [ByteSource];
    const bytes = (await member.read(0, 8192)).slice();
    set(bytes, 8, 8);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    view.setUint8(185, 0);
    view.setUint16(186, 8, true);
    view.setInt32(188, 8, true);
    const dataOffset = Number(view.getBigUint64(128, true));
    bytes.fill(0xff, 4096);
    // Two sectors from the tenth of the data on.
    view.setBigUint64(4096, (BigInt(dataOffset + 10) << 10n) | 2n, true);
    mendSuperblock1(bytes);
    const stack = await openStack([patchedSource(member, [{ offset: 0, bytes }])]);
    const source = stack.source("/dev/md127");
    expect((await source.read(0, 5120)).length).toBe(5120);
    await expect(source.read(5000, 200)).rejects.toMatchObject({ code: "E_MD_BAD_BLOCK" });
    expect((await source.read(6144, 512)).length).toBe(512);
  });
});
