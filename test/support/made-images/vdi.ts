import { guidBytes, type Plan, storedBlocks } from "./plan.ts";

/** A VDI of version 1.1 by VirtualBox's header file. Blocks are whole: none is mixed. */
export interface VdiPlan extends Plan {
  readonly id: string;
  readonly modification: string;
  readonly parent?: { readonly id: string; readonly modification: string };
}

const MAP = 512;

export function makeVdi(plan: VdiPlan): Uint8Array {
  const { size, blockSize, parent } = plan;
  const blocks = Math.ceil(size / blockSize);
  const data = MAP + Math.ceil((blocks * 4) / 512) * 512;
  const stored = storedBlocks(plan);
  const file = new Uint8Array(data + stored.length * blockSize);
  const view = new DataView(file.buffer);
  const set = (at: number, value: number) => view.setUint32(at, value, true);
  file.set(new TextEncoder().encode("<<< Oracle VM VirtualBox Disk Image >>>\n"));
  set(0x40, 0xbeda107f);
  set(0x44, 0x10001);
  set(0x48, 400);
  set(0x4c, parent ? 4 : 1);
  set(0x154, MAP);
  set(0x158, data);
  set(0x168, 512);
  view.setBigUint64(0x170, BigInt(size), true);
  set(0x178, blockSize);
  set(0x180, blocks);
  set(0x184, stored.length);
  file.set(guidBytes(plan.id), 0x188);
  file.set(guidBytes(plan.modification), 0x198);
  if (parent) file.set(guidBytes(parent.id), 0x1a8);
  if (parent) file.set(guidBytes(parent.modification), 0x1b8);
  for (let block = 0; block < blocks; block++) {
    set(MAP + block * 4, plan.blocks.get(block)?.kind === "zero" ? 0xfffffffe : 0xffffffff);
  }
  for (const [position, { index, content }] of stored.entries()) {
    set(MAP + index * 4, position);
    file.set(content, data + position * blockSize);
  }
  return file;
}
