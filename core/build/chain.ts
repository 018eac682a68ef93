import { join } from "node:path";
import { recordSeen } from "../host/image-record.ts";
import type { Naming } from "../host/named-files.ts";
import { type BlockNode, type DiskFormat, type ImageFile, imageNode, type OpenNode } from "../qemu/block/node.ts";
import type { Layer } from "./layer.ts";
import { type ChainOptions, type OpenedLayer, openChain } from "./open-chain.ts";

/** An image and its parents, nearest first. */
export type Chain = readonly [Layer, ...Layer[]];

/** An image that is all of its chain, with its virtual size. */
export type SizedImage = ImageFile & Pick<Layer, "size">;

/**
 * An image with everything that it leans on: QEMU is given all of it and follows no header. Throws what `openChain` throws.
 */
export async function chainOf(path: string, options: ChainOptions = {}): Promise<Chain> {
  await using opened = await openChain(path, options);
  const [first, ...rest] = opened.layers.map(({ file: _, data: __, ...layer }) => layer);
  return [first as Layer, ...rest];
}

/** The top of a chain with the block node of all below it: nothing is left for a header to say. */
export function imageOfChain([top, ...rest]: Chain): SizedImage {
  return { ...top, backing: nodeOf(rest) };
}

function nodeOf(chain: readonly Layer[]): BlockNode | null {
  const [top, ...rest] = chain;
  return top ? imageNode(imageOfChain([top, ...rest])) : null;
}

/** The block node of a chain. */
export const chainNode = (chain: Chain): BlockNode => imageNode(imageOfChain(chain));

/** An image of a known format with all that it leans on. Throws what `chainOf` throws. */
export async function imageFile(path: string, format: DiskFormat): Promise<ImageFile> {
  return imageOfChain(await chainOf(path, { format }));
}

/** The node of an open chain, over its descriptors. */
export function openNode([top, ...rest]: readonly [OpenedLayer, ...OpenedLayer[]]): OpenNode {
  const files: number[] = [];
  const hand = ({ fd }: OpenedLayer["file"]) => `/dev/fd/${2 + files.push(fd)}`;
  const handed = ({ file, data, ...layer }: OpenedLayer): Layer => ({
    ...layer,
    path: hand(file),
    dataFile: data && hand(data),
  });
  return { node: chainNode([handed(top), ...rest.map(handed)]), files };
}

/** What each file of a chain names, for a look at whether it may. */
export function namingsOf(chain: readonly Layer[]): readonly Naming[] {
  return chain.map(({ path, dataFile }, index) => {
    const parent = chain[index + 1]?.path;
    return { image: path, files: [dataFile, parent].flatMap((each) => each ?? []) };
  });
}

/** A use fixes what images are: where nothing is recorded of one, it is now. Machines' own folders need no records. */
export async function fixFormats(chain: readonly Omit<Layer, "size">[], dataDir: string): Promise<void> {
  for (const { path, format, isDevice, part } of chain) {
    if (!isDevice && !part && !path.startsWith(join(dataDir, "machines", "/"))) await recordSeen(path, format);
  }
}
