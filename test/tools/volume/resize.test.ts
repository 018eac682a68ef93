/** Tables made by sfdisk and sgdisk, grown by us, judged by sfdisk and fdisk: from both copies, and with one of them lost. */
import { copyFile, open, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFileSource } from "../../../core/source/file.ts";
import { openVolumes } from "../../../core/volume/index.ts";
import { fc } from "../../support/property.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("resize");
const disk = join(dir, "disk");
const MIB = 2 ** 20;
const sh = (script: string, ...args: string[]) => run("sh", ["-c", script, ...args]);

interface Row {
  readonly node: string;
  readonly start: number;
  readonly size: number;
  readonly type: string;
  readonly [other: string]: unknown;
}

async function rows(file: string): Promise<readonly Row[]> {
  const { partitiontable } = JSON.parse(await run("sfdisk", ["-J", file])) as {
    partitiontable: { partitions?: readonly Row[] };
  };
  return (partitiontable.partitions ?? []).map(({ node, ...rest }) => ({ ...rest, node: node.replace(file, "") }));
}

async function make(size: number, script: string): Promise<void> {
  await writeFile(disk, "");
  await truncate(disk, size);
  await writeFile(`${disk}.script`, script);
  await sh(`sfdisk -q "$0" < "$0.script"`, disk);
}

/** Grows the file and the partition that ends last, if told to; gives the partition's number. */
async function grow(size: number, last = true): Promise<number | null> {
  await using source = await openFileSource(disk);
  const table = await openVolumes(source);
  if (!table) throw new Error("no table");
  const ends = table.extents.toSorted((a, b) => b.start + b.size - a.start - a.size);
  const { ranges, grown } = await table.resize(size, last ? (ends[0]?.number ?? null) : null);
  await truncate(disk, size);
  const handle = await open(disk, "r+");
  for (const { offset, bytes } of ranges) await handle.write(bytes, 0, bytes.length, offset);
  await handle.close();
  return grown?.number ?? null;
}

async function wipe(file: string, offset: number, length: number): Promise<void> {
  const handle = await open(file, "r+");
  await handle.write(new Uint8Array(length), 0, length, offset);
  await handle.close();
}

/** All as before but for the size of what grew, by either copy of the table. */
async function expectGrown(before: readonly Row[], size: number, grown: number | null, copies: boolean): Promise<void> {
  expect(await run("sfdisk", ["-V", disk])).toContain("No errors detected");
  expect(await sh(`fdisk -l "$0" 2>&1`, disk)).not.toMatch(/corrupt|not match|does not|overlap|mismatch/i);
  const now = await rows(disk);
  const sizeless = (all: readonly Row[]) => all.map((row) => ({ ...row, size: 0 }));
  expect(sizeless(now)).toEqual(sizeless(before));
  for (const [index, { node, size: was, type }] of before.entries()) {
    const isExtended = ["5", "f", "85"].includes(type);
    if (node === String(grown) || isExtended) expect(now[index]?.size).toBeGreaterThanOrEqual(was);
    else expect(now[index]?.size).toBe(was);
  }
  for (const offset of copies ? [512, size - 512] : []) {
    await copyFile(disk, `${disk}.half`);
    await wipe(`${disk}.half`, offset, 512);
    expect(await rows(`${disk}.half`)).toEqual(now);
  }
}

/** Sizes in MiB with gaps between, and a type each. */
const parts = fc.array(
  fc.record({ size: fc.integer({ min: 1, max: 6 }), gap: fc.integer({ min: 0, max: 2 }), swap: fc.boolean() }),
  { minLength: 1, maxLength: 7 },
);
const growths = fc.record({
  parts,
  more: fc.integer({ min: 1, max: 40_000 }),
  last: fc.boolean(),
  damage: fc.constantFrom("none", "primary", "backup"),
});

test("any GPT that sfdisk makes, whole or with one copy lost", async () => {
  await fc.assert(
    fc.asyncProperty(growths, async ({ parts, more, last, damage }) => {
      let at = 1;
      const lines = parts.map(({ size, gap, swap }, index) => {
        const start = at + gap;
        at = start + size;
        return `start=${start}MiB, size=${size}MiB, type=${swap ? "S" : "L"}, name="p ${index}"`;
      });
      const size = (at + 1) * MIB;
      await make(size, `label: gpt\n${lines.join("\n")}`);
      const before = await rows(disk);
      if (damage !== "none") await wipe(disk, damage === "primary" ? 512 : size - 512, 512);
      const grown = await grow(size + more * 512, last);
      await expectGrown(before, size + more * 512, grown, true);
    }),
    { numRuns: 12 },
  );
});

test("any MBR that sfdisk makes, with logical partitions or without", async () => {
  await fc.assert(
    fc.asyncProperty(growths, fc.boolean(), async ({ parts, more, last }, logical) => {
      const count = logical ? parts.length : Math.min(4, parts.length);
      let at = logical ? 4 : 1;
      const lines = parts.slice(0, count).map(({ size, gap, swap }, index) => {
        const start = at + gap + (logical ? 1 : 0);
        at = start + size;
        return `${logical ? `${index + 5}: ` : ""}start=${start}MiB, size=${size}MiB, type=${swap ? "82" : "83"}`;
      });
      const size = at * MIB;
      const head = logical ? [`1: start=1MiB, size=3MiB, type=83`, `2: start=4MiB, size=${at - 4}MiB, type=f`] : [];
      await make(size, ["label: dos", ...head, ...lines].join("\n"));
      const before = await rows(disk);
      const grown = await grow(size + more * 512, last);
      await expectGrown(before, size + more * 512, grown, false);
    }),
    { numRuns: 12 },
  );
});

test("a disk that was made larger before, its backup in the middle", async () => {
  await make(16 * MIB, 'label: gpt\nsize=4MiB\ntype=L, name="root"\n');
  const before = await rows(disk);
  await truncate(disk, 24 * MIB);
  expect(await grow(40 * MIB)).toBe(2);
  await expectGrown(before, 40 * MIB, 2, true);
  expect((await rows(disk))[1]?.size).toBeGreaterThan((33 * MIB) / 512);
});

test("sgdisk's: entries moved further in, and a hybrid MBR", async () => {
  await writeFile(disk, "");
  await truncate(disk, 16 * MIB);
  await sh(`sgdisk -j 1024 -n 1:4096:+4M -n 3:0:0 -t 1:8300 -t 3:8300 -h 1 "$0" >/dev/null`, disk);
  await sh(`printf SPL | dd of="$0" bs=512 seek=16 conv=notrunc status=none`, disk);
  const before = await rows(disk);
  const hybrid = (await readFile(disk)).subarray(446, 510);
  expect(await grow(32 * MIB)).toBe(3);
  await expectGrown(before, 32 * MIB, 3, true);
  const after = await readFile(disk);
  expect(after.subarray(16 * 512, 16 * 512 + 3).toString()).toBe("SPL");
  expect(after.subarray(446, 510).equals(hybrid)).toBe(true);
  expect(await sh(`sgdisk -v "$0"`, disk)).toContain("No problems found");
});

test("sectors of 4096 bytes, as fdisk reads them", async () => {
  await writeFile(disk, "");
  await truncate(disk, 16 * MIB);
  await writeFile(`${disk}.script`, "label: gpt\nsize=4MiB\ntype=L\n");
  await sh(`printf 'I\n%s\nw\n' "$0.script" | fdisk -b 4096 "$0" >/dev/null`, disk);
  const listed = () => sh(`fdisk -b 4096 -o Device,Start,End,Type -l "$0" 2>&1 | grep "^$0"`, disk);
  const [first] = (await listed()).split("\n");
  for (const [damaged, size] of [
    [0, 24 * MIB],
    [4096, 32 * MIB],
  ] as const) {
    if (damaged > 0) await wipe(disk, damaged, 4096);
    expect(await grow(size)).toBe(2);
    expect(await sh(`fdisk -b 4096 -l "$0" 2>&1`, disk)).not.toMatch(/corrupt|not match|mismatch/i);
    const [still, grown = ""] = (await listed()).split("\n");
    expect(still).toBe(first);
    expect(Number(grown.trim().split(/\s+/)[2])).toBeGreaterThan((size - MIB) / 4096);
  }
});
