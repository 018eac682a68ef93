import { GuestkitError } from "../../kit/errors.ts";
import { hasMagic } from "../../kit/magic.ts";
import type { ByteSource } from "../../source/source.ts";
import { checksum, type Footer, faults } from "./footer.ts";
import { CHECKSUM_AT, DYNAMIC_COOKIE, dynamicHeader, Limit, SECTOR, VERSION } from "./layout.ts";

/** A dynamic header that holds together. Offsets and sizes in bytes. */
export interface DynamicHeader {
  readonly offset: number;
  /** As it stands in the file: the parent's locators are in it. */
  readonly bytes: Uint8Array;
  readonly tableOffset: number;
  readonly entries: number;
  readonly blockSize: number;
  /** Of the bitmap before each block: a bit for each sector, in whole sectors. */
  readonly bitmapSize: number;
  readonly parentId: string;
}

const { damaged, checkRange } = faults;

/** Throws `E_VHD_HEADER`, `E_VHD_VERSION`, `E_VHD_BAT_BOUNDS`. */
export async function readDynamic(source: ByteSource, { dataOffset, size }: Footer): Promise<DynamicHeader> {
  if (dataOffset > BigInt(source.size))
    throw damaged(source, "HEADER", 16, `its header at 0x${dataOffset.toString(16)} is outside the file`);
  const offset = Number(dataOffset);
  checkRange(source, "HEADER", "dynamic header", { offset, length: dynamicHeader.size, alignment: SECTOR, at: 16 });
  const bytes = await source.read(offset, dynamicHeader.size);
  const raw = dynamicHeader.decode(bytes);
  if (!hasMagic(bytes, 0, DYNAMIC_COOKIE) || checksum(bytes, CHECKSUM_AT.dynamicHeader) !== raw.checksum) {
    throw damaged(source, "HEADER", offset, "its dynamic header is damaged");
  }
  if (raw.headerVersion !== VERSION) throw unknownVersion(source, raw.headerVersion, offset);
  const { blockSize, maxTableEntries: entries, tableOffset } = raw;
  const isPower = (blockSize & (blockSize - 1)) === 0;
  if (!isPower || blockSize < SECTOR || blockSize > Limit.maxBlockSize) {
    throw damaged(source, "HEADER", offset + 32, `its blocks are ${blockSize} bytes`);
  }
  if (size > entries * blockSize) {
    throw damaged(
      source,
      "HEADER",
      offset + 28,
      `its disk of ${size} bytes does not fit ${entries} blocks of ${blockSize}`,
    );
  }
  checkRange(source, "BAT_BOUNDS", "block table", {
    offset: tableOffset,
    length: entries * 4,
    alignment: SECTOR,
    at: offset + 16,
  });
  const bitmapSize = Math.ceil(blockSize / SECTOR / 8 / SECTOR) * SECTOR;
  return { ...{ offset, bytes, tableOffset, entries, blockSize, bitmapSize }, parentId: raw.parentUniqueId };
}

function unknownVersion(source: ByteSource, version: number, offset: number): GuestkitError {
  const what = `its dynamic header is of version ${version >>> 16}.${version & 0xffff}, and 1.0 is read`;
  return new GuestkitError("E_VHD_VERSION", `Cannot open "${source.name}": ${what}`, {
    at: { file: source.name, offset: offset + 24 },
    help: `Compare with what QEMU says of it: qemu-img info "${source.name}"`,
  });
}
