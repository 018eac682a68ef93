/** One block of a made-up image: the parent's (zeros without one), zeros, data, or data in some sectors and the parent's else. */
export type PlannedBlock =
  | { readonly kind: "parent" }
  | { readonly kind: "zero" }
  | { readonly kind: "data"; readonly fill: number }
  | { readonly kind: "mixed"; readonly fill: number; readonly isOwn: (sector: number) => boolean };

/** What a made-up image holds; blocks that are left out are the parent's. */
export interface Plan {
  /** Bytes. */
  readonly size: number;
  readonly blockSize: number;
  readonly sectorSize: number;
  readonly blocks: ReadonlyMap<number, PlannedBlock>;
}

/** Different everywhere, so that no wrong place goes unseen. */
export function contentOf(fill: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 4 <= length; at += 4) view.setUint32(at, fill * 0x01000193 + at);
  return bytes;
}

/** What the guest sees of a block, over the `parent`'s bytes of it (zeros where that has none). */
export function guestBlock(plan: Plan, index: number, parent: Uint8Array): Uint8Array {
  const { blockSize, sectorSize, size } = plan;
  const block = plan.blocks.get(index) ?? { kind: "parent" };
  const seen = new Uint8Array(Math.min(blockSize, size - index * blockSize));
  if (block.kind === "parent" || block.kind === "mixed") seen.set(parent.subarray(0, seen.length));
  if (block.kind === "parent" || block.kind === "zero") return seen;
  const content = contentOf(block.fill, blockSize);
  for (let at = 0; at < seen.length; at += sectorSize) {
    if (block.kind === "mixed" && !block.isOwn(at / sectorSize)) continue;
    seen.set(content.subarray(at, Math.min(at + sectorSize, seen.length)), at);
  }
  return seen;
}

/** The bytes of blocks that are stored, back to front: neighbours in the guest are none in the file. */
export function storedBlocks(plan: Plan): { index: number; block: PlannedBlock; content: Uint8Array }[] {
  const stored = [...plan.blocks].flatMap(([index, block]) =>
    block.kind === "data" || block.kind === "mixed"
      ? [{ index, block, content: contentOf(block.fill, plan.blockSize) }]
      : [],
  );
  return stored.sort((a, b) => b.index - a.index);
}

/** The bits of a block's sectors; what is no mixed block is its image's own whole. */
export function bitsOf(plan: Plan, block: PlannedBlock, set: (sector: number) => void): void {
  for (let sector = 0; sector < plan.blockSize / plan.sectorSize; sector++) {
    if (block.kind !== "mixed" || block.isOwn(sector)) set(sector);
  }
}

export function uuidBytes(uuid: string): Uint8Array {
  return Uint8Array.from(uuid.replaceAll("-", "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** In the mixed order of Microsoft. */
export function guidBytes(guid: string): Uint8Array {
  const bytes = uuidBytes(guid);
  return Uint8Array.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15], (at) => bytes[at] ?? 0);
}

export function utf16(text: string, little: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), little);
  return bytes;
}
