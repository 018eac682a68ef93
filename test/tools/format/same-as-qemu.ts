/** What qemu-img says and makes of an image is what our reader does. */
import { join } from "node:path";
import { expect } from "vitest";
import { type Image, openImage } from "../../../core/format/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { nodeHost } from "../../../core/source/node.ts";
import type { MapEntry } from "./facts.ts";
import { covered, zeroRuns } from "./holes.ts";
import type { Tools } from "./images.ts";

/** As formats are opened: by content alone. */
export const openPath = async (path: string): Promise<Image> => openImage(await openFileSource(path), nodeHost);

interface Info {
  readonly "virtual-size": number;
  readonly "cluster-size"?: number;
  readonly "format-specific"?: { readonly data: Readonly<Record<string, unknown>> };
}

/**
 * Bytes (whole, and at places that nothing is aligned to), size, holes. `driver` is QEMU's word for the format.
 * Returns what `qemu-img info` says.
 */
export async function isAsQemuSays({ dir, img }: Tools, name: string, driver: string): Promise<Info> {
  await using image = await openPath(join(dir, name));
  const info: Info = JSON.parse(await img("info", "-f", driver, "--output=json", name));
  expect(image.size).toBe(info["virtual-size"]);
  await img("convert", "-f", driver, "-O", "raw", name, "oracle");
  await using oracle = await openFileSource(join(dir, "oracle"));
  for (const [offset, length] of [...places(image.size), ...pieces(image.size)]) {
    const [actual, wanted] = [await image.read(offset, length), await oracle.read(offset, length)];
    expect(Buffer.compare(actual, wanted), `${length} bytes at ${offset}`).toBe(0);
  }
  const holes = await zeroRuns(image);
  for (const [start, end] of holes) {
    for (let at = start; at < end; at += PIECE) {
      const bytes = Buffer.from(await oracle.read(at, Math.min(PIECE, end - at)));
      expect(bytes.equals(EMPTY.subarray(0, bytes.length)), `hole at ${at}`).toBe(true);
    }
  }
  const map: MapEntry[] = JSON.parse(await img("map", "-f", driver, "--output=json", name));
  for (const { start, length, zero, ...entry } of map) {
    // Where QEMU asks the host's file system it knows more: those are holes in the file itself, with an offset.
    if (zero && !("offset" in entry)) expect(covered(holes, start, start + length), `zero at ${start}`).toBe(length);
  }
  return info;
}

const PIECE = 4 << 20;
const EMPTY = Buffer.alloc(PIECE);

const pieces = (size: number): [number, number][] =>
  Array.from({ length: Math.ceil(size / PIECE) }, (_, index) => [index * PIECE, Math.min(PIECE, size - index * PIECE)]);

/** Reads of many lengths. */
function places(size: number): [number, number][] {
  return Array.from({ length: 100 }, (_, index) => {
    const length = Math.min(1 + ((index * 7919) % 150_000), size);
    return [Math.floor((index * 0.6180339887 * size) % (size - length + 1)), length];
  });
}
