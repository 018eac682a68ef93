import { crc32c, crc32cAround } from "../../kit/checksum.ts";
import type { Eventual } from "../../kit/eventual.ts";
import { hex } from "../fault.ts";
import { aclToXattr } from "./acl.ts";
import { crc32cOfU64 } from "./checksum.ts";
import { openContent } from "./content.ts";
import type { Inode } from "./inode.ts";
import type { InodeTable } from "./inode-table.ts";
import { EXT4_XATTR_MAGIC, INODE, XATTR_HEADER_SIZE, XATTR_PREFIX } from "./layout.ts";
import type { Volume } from "./volume.ts";
import { inodeRegion, type XattrEntry, type XattrRegion, xattrEntries } from "./xattr-entries.ts";

/** XATTR_SIZE_MAX: the kernel hands out no larger value. */
const MAX_VALUE = 64 << 10;
const NONE: ReadonlyMap<string, Uint8Array> = new Map();
const CHECKSUM_AT = 0x10;
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Extended attributes as getxattr shows them, from the inode, its attribute block and attribute inodes.
 * Throws `E_EXT4_XATTR`, `E_EXT4_CHECKSUM`.
 */
export function readXattrs(volume: Volume, table: InodeTable, inode: Inode): Eventual<ReadonlyMap<string, Uint8Array>> {
  const inBody = inodeRegion(volume, inode);
  return inBody || inode.xattrBlock !== 0 ? readRegions(volume, table, inode, inBody) : NONE;
}

async function readRegions(
  volume: Volume,
  table: InodeTable,
  inode: Inode,
  inBody: XattrRegion | null,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const block = inode.xattrBlock;
  const regions = [...(inBody ? [inBody] : []), ...(block === 0 ? [] : [await blockRegion(volume, inode, block)])];
  const found = new Map<string, Uint8Array>();
  for (const region of regions) {
    for (const entry of xattrEntries(volume, region)) {
      const name = fullName(volume, region, entry);
      if (name === null || found.has(name)) continue;
      found.set(name, await value({ volume, table, inode, region, entry }));
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function blockRegion(volume: Volume, inode: Inode, block: number): Promise<XattrRegion> {
  const offset = block * volume.sb.blockSize;
  const thing = `the extended attributes of inode ${inode.number} in block ${block}`;
  const bad = (what: string, code = "E_EXT4_XATTR", at = offset) => volume.fault(code, { thing, what, offset: at });
  if (!volume.holds(block, 1)) throw bad("the block lies outside the file system", "E_EXT4_XATTR", inode.offset);
  const bytes = await volume.block(block);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0, true);
  if (magic !== EXT4_XATTR_MAGIC) throw bad(`its magic is ${hex(magic)}, not 0xea020000`);
  if (view.getUint32(8, true) !== 1) throw bad(`it says that it takes ${view.getUint32(8, true)} blocks`);
  if (volume.sb.checksums) {
    const seed = crc32cOfU64(volume.sb.checksumSeed, block);
    const computed = crc32cAround(seed, bytes, { at: CHECKSUM_AT, length: 4 });
    const stored = view.getUint32(CHECKSUM_AT, true);
    if (stored !== computed) {
      throw bad(`its checksum is ${hex(stored)} and its content's ${hex(computed)}`, "E_EXT4_CHECKSUM");
    }
  }
  return { bytes, start: XATTR_HEADER_SIZE, base: 0, end: bytes.length, thing, offset };
}

/** Null for what the file system keeps for itself and the kernel lists to nobody. */
function fullName(volume: Volume, region: XattrRegion, { index, name }: XattrEntry): string | null {
  const prefix = XATTR_PREFIX[index];
  if (prefix === undefined) return null;
  try {
    return prefix + strict.decode(name);
  } catch (cause) {
    throw volume.fault("E_EXT4_XATTR", {
      thing: region.thing,
      what: "a name is no UTF-8",
      offset: region.offset,
      cause,
    });
  }
}

interface Holder {
  readonly volume: Volume;
  readonly table: InodeTable;
  readonly inode: Inode;
  readonly region: XattrRegion;
  readonly entry: XattrEntry;
}

async function value(holder: Holder): Promise<Uint8Array> {
  const { volume, region, entry } = holder;
  const stored = entry.value ?? (await valueOfInode(holder));
  if (entry.index !== 2 && entry.index !== 3) return stored.slice();
  const shown = aclToXattr(stored);
  if (shown) return shown;
  throw volume.fault("E_EXT4_XATTR", { thing: region.thing, what: "an ACL is malformed", offset: region.offset });
}

/** ea_inode: a value in an inode of its own, whose hash stands in that one's atime. */
async function valueOfInode({ volume, table, inode, region, entry }: Holder): Promise<Uint8Array> {
  const bad = (what: string, code = "E_EXT4_XATTR") =>
    volume.fault(code, { thing: `${region.thing}, value in inode ${entry.valueInode}`, what, offset: region.offset });
  if (!volume.sb.incompat("ea_inode")) throw bad("the file system lacks the feature ea_inode");
  if (entry.valueSize > MAX_VALUE) throw bad(`it has ${entry.valueSize} bytes, more than the kernel hands out`);
  const holder = await table.get(entry.valueInode);
  if (!holder.has("ea_inode") || holder.type !== "file") throw bad("that inode is no attribute inode");
  if (holder.size !== entry.valueSize) throw bad(`that inode has ${holder.size} bytes, not ${entry.valueSize}`);
  const bytes = await openContent(volume, holder).read(0, entry.valueSize);
  const lustre = holder.u32(INODE.i_mtime) === inode.number && holder.generation === inode.generation;
  const computed = crc32c(volume.sb.checksumSeed, bytes);
  const stored = holder.u32(INODE.i_atime);
  if (lustre || stored === computed) return bytes;
  throw bad(`its hash is ${hex(stored)} and its content's ${hex(computed)}`, "E_EXT4_CHECKSUM");
}
