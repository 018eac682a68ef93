import { expect } from "vitest";
import type { Image } from "../../../core/format/index.ts";
import { guestBlock, type Plan, type PlannedBlock } from "./plan.ts";

export const MIB = 1 << 20;
export const [ONE, TWO, THREE] = [1, 2, 3].map((each) => `${each}0000000-1111-4222-8333-44445555666${each}`) as [
  string,
  string,
  string,
];

export const data = (fill: number): PlannedBlock => ({ kind: "data", fill });
export const mixed = (fill: number, isOwn: (sector: number) => boolean): PlannedBlock => ({
  kind: "mixed",
  fill,
  isOwn,
});
export const plan = (
  size: number,
  blockSize: number,
  blocks: Readonly<Record<number, PlannedBlock>>,
  sectorSize = 512,
): Plan => ({
  ...{ size, blockSize, sectorSize },
  blocks: new Map(Object.entries(blocks).map(([index, block]) => [Number(index), block])),
});

/** Each block of `plans`, from the topmost on, against what the plans say; then odd places across blocks. */
export async function expectContent(image: Image, plans: readonly [Plan, ...Plan[]]): Promise<void> {
  const [top] = plans;
  const seen = (block: number) =>
    [...plans]
      .reverse()
      .reduce(
        (under, each) => guestBlock({ ...each, size: top.size }, block, under),
        new Uint8Array(top.blockSize) as Uint8Array,
      );
  const blocks = [...new Set(plans.flatMap(({ blocks }) => [...blocks.keys()].flatMap((key) => [key, key + 1])))];
  for (const block of blocks.filter((each) => each * top.blockSize < top.size)) {
    const start = block * top.blockSize;
    const wanted = seen(block);
    expect(Buffer.compare(await image.read(start, wanted.length), wanted), `block ${block}`).toBe(0);
    const [from, to] = [Math.min(wanted.length, 511), Math.min(wanted.length, 5000)];
    expect(
      Buffer.compare(await image.read(start + from, to - from), wanted.subarray(from, to)),
      `in block ${block}`,
    ).toBe(0);
    const { length, zero } = (await image.extent?.(start, wanted.length)) ?? { length: 0, zero: false };
    expect(length).toBeGreaterThan(0);
    if (zero) expect(wanted.subarray(0, length).every((byte) => byte === 0)).toBe(true);
  }
}
