import { hexOf } from "../../kit/struct.ts";
import { type Chunk, decodeChunk } from "./chunk.ts";
import { ChunkMap } from "./chunk-map.ts";
import { key, readKey, TOP } from "./key.ts";
import { CHUNK, DEV_ITEM, DEV_ITEM_SIZE, KEY_SIZE, KEY_TYPE, OBJECTID, STRIPE_SIZE } from "./layout.ts";
import type { Item } from "./node.ts";
import { Nodes } from "./nodes.ts";
import { Tree } from "./tree.ts";
import type { Volume } from "./volume.ts";

/** The root of the chunk tree is where the kernel puts its items. */
const CHUNK_OBJECTID = 256;
const DEV_OBJECTID = 1;

/**
 * Fills in the volume's chunks: those of the superblock lead to the chunk tree, which has all. Notes devices that are
 * missing. Throws `E_BTRFS_CHUNK`, and what reading its blocks says.
 */
export async function readChunks(volume: Volume): Promise<void> {
  const { raw } = volume.sb;
  volume.chunks = mapOf(volume, systemChunks(volume));
  const root = {
    address: raw.chunk_root,
    level: raw.chunk_root_level,
    generation: raw.chunk_root_generation,
    first: null,
  };
  const tree = new Tree(new Nodes(volume), root, (owner) => owner === OBJECTID.chunk_tree);
  await readDevices(volume, tree);
  const chunks: Chunk[] = [];
  const type = KEY_TYPE.chunk_item;
  for await (const batch of tree.range(key(CHUNK_OBJECTID, type, 0), key(CHUNK_OBJECTID, type, TOP))) {
    for (const item of batch) chunks.push(chunkOf(volume, item.offset, item));
  }
  volume.chunks = mapOf(volume, chunks);
  refuseOverlap(volume);
}

function mapOf(volume: Volume, chunks: readonly Chunk[]): ChunkMap {
  if (chunks.length === 0) throw bad(volume, "the chunks", "there are none");
  return new ChunkMap(chunks);
}

function refuseOverlap(volume: Volume): void {
  const [before, after] = volume.chunks.overlap() ?? [];
  if (before && after) throw bad(volume, `the chunk at ${after.start}`, `it overlaps the one at ${before.start}`);
}

/** Keys and chunks, one behind the other. */
function systemChunks(volume: Volume): Chunk[] {
  const { sys_chunk_array: array, sys_chunk_array_size: end, sectorsize } = volume.sb.raw;
  const view = new DataView(array.buffer, array.byteOffset, end);
  const chunks: Chunk[] = [];
  for (let at = 0; at < end; ) {
    const left = end - at - KEY_SIZE;
    if (left < CHUNK.stripes + STRIPE_SIZE) throw bad(volume, "the superblock's chunks", "the last one is cut short");
    const { type, offset } = readKey(view, at);
    const size = CHUNK.stripes + view.getUint16(at + KEY_SIZE + CHUNK.num_stripes, true) * STRIPE_SIZE;
    if (type !== KEY_TYPE.chunk_item || size > left) throw bad(volume, "the superblock's chunks", "one is malformed");
    const chunk = decodeChunk(offset, view, at + KEY_SIZE, size, sectorsize);
    if (typeof chunk === "string") throw bad(volume, `the chunk at ${offset}`, chunk);
    chunks.push(chunk);
    at += KEY_SIZE + size;
  }
  return chunks;
}

function chunkOf(volume: Volume, start: number, item: Item): Chunk {
  const chunk = decodeChunk(start, item.view, item.at, item.size, volume.sb.raw.sectorsize);
  if (typeof chunk !== "string") return chunk;
  throw bad(volume, `the chunk at ${start}`, chunk, item.address);
}

/** Notes what is missing, and under which UUIDs seeds wrote their blocks. */
async function readDevices(volume: Volume, tree: Tree): Promise<void> {
  const own = hexOf(volume.sb.treeUuid);
  const type = KEY_TYPE.dev_item;
  for await (const batch of tree.range(key(DEV_OBJECTID, type, 0), key(DEV_OBJECTID, type, TOP))) {
    for (const item of batch) {
      if (item.size < DEV_ITEM_SIZE)
        throw bad(volume, `device ${item.offset}`, `it has ${item.size} bytes`, item.address);
      const fsid = hexOf(item.bytes(DEV_ITEM.fsid, 16));
      volume.uuids.add(fsid);
      const device = hexOf(item.bytes(DEV_ITEM.uuid, 16));
      if (volume.has(device)) continue;
      const of = fsid === own ? "" : `, a seed of the file system ${fsid}`;
      volume.notes.add(
        `device ${item.offset} (${device}${of}) is missing: what has another copy is read from that one`,
      );
    }
  }
}

function bad(volume: Volume, thing: string, what: string, address?: number) {
  return volume.fault("E_BTRFS_CHUNK", { thing, what, address });
}
