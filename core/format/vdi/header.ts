import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { faultsOf } from "../fault.ts";
import { BlockSize, header, IMAGE_TYPES, NO_UUID, preHeader, SIGNATURE, VERSION } from "./layout.ts";
import type { ParentLink } from "./parent.ts";

/** A header that holds together. Offsets and sizes in bytes. */
export interface Header {
  readonly type: string;
  readonly size: number;
  readonly blockSize: number;
  readonly blocks: number;
  readonly mapOffset: number;
  readonly dataOffset: number;
  readonly id: string;
  readonly modification: string;
  /** Null for an image that stands alone. */
  readonly parent: ParentLink | null;
}

export const faults = faultsOf("VDI");
const { damaged, checkRange } = faults;

const SECTOR = 512;

/** Throws `E_VDI_VERSION`, `E_VDI_FEATURE`, `E_VDI_HEADER`, `E_VDI_MAP_BOUNDS`. */
export async function readHeader(source: ByteSource): Promise<Header> {
  const bytes = await source.read(0, Math.min(header.size, source.size));
  checkVersion(source, bytes);
  if (bytes.length < header.size) throw damaged(source, "HEADER", 0, "it ends within its header");
  const raw = header.decode(bytes);
  const type = IMAGE_TYPES.get(raw.type);
  if (type === undefined) throw damaged(source, "HEADER", 76, `its type is ${raw.type}, and 1 to 4 are known`);
  if (raw.cbBlockExtra !== 0) throw unknownFeature(source, `${raw.cbBlockExtra} bytes before each block`, 0x17c);
  if (raw.sectorSize !== 0 && raw.sectorSize !== SECTOR)
    throw unknownFeature(source, `sectors of ${raw.sectorSize} bytes`, 0x168);
  checkSizes(source, raw);
  return {
    type,
    // VirtualBox can make images of any length; disks are made of whole sectors.
    size: Math.ceil(raw.cbDisk / SECTOR) * SECTOR,
    blockSize: raw.cbBlock,
    blocks: raw.cBlocks,
    mapOffset: raw.offBlocks,
    dataOffset: raw.offData,
    id: raw.uuidCreate,
    modification: raw.uuidModify,
    parent: parentOf(source, type, raw.uuidLinkage, raw.uuidParentModify),
  };
}

function checkVersion(source: ByteSource, bytes: Uint8Array): void {
  if (bytes.length < preHeader.size || preHeader.decode(bytes).signature !== SIGNATURE) {
    throw damaged(source, "HEADER", 64, "it does not start with a whole VDI header");
  }
  const { version } = preHeader.decode(bytes);
  if (version === VERSION) return;
  const shown = `${version >>> 16}.${version & 0xffff}`;
  throw new GuestkitError(
    "E_VDI_VERSION",
    `Cannot open "${source.name}": it is VDI version ${shown}, and 1.1 is read`,
    {
      at: { file: source.name, offset: 68 },
      help: `VirtualBox makes one of today: VBoxManage clonemedium "${source.name}" NEW.vdi`,
    },
  );
}

function checkSizes(
  source: ByteSource,
  raw: { cbBlock: number; cbDisk: number; cBlocks: number; offBlocks: number; offData: number },
): void {
  const { cbBlock, cbDisk, cBlocks, offBlocks, offData } = raw;
  const isPower = (cbBlock & (cbBlock - 1)) === 0;
  if (!isPower || cbBlock < BlockSize.least || cbBlock > BlockSize.most) {
    throw damaged(source, "HEADER", 0x178, `its blocks are ${cbBlock} bytes`);
  }
  if (cbDisk > cBlocks * cbBlock) {
    throw damaged(source, "HEADER", 0x170, `its disk of ${cbDisk} bytes does not fit its ${cBlocks} blocks`);
  }
  if (offData % SECTOR !== 0) throw damaged(source, "HEADER", 0x158, `its data at ${offData} is not aligned`);
  checkRange(source, "MAP_BOUNDS", "block map", { offset: offBlocks, length: cBlocks * 4, alignment: 4, at: 0x154 });
  if (offBlocks < header.size || offData < offBlocks + cBlocks * 4) {
    throw damaged(source, "MAP_BOUNDS", 0x154, `its block map at ${offBlocks} overlaps its header or its data`);
  }
}

function parentOf(source: ByteSource, type: string, id: string, modification: string): Header["parent"] {
  if (id !== NO_UUID) return { id, modification };
  if (type !== "differencing" && type !== "undo") return null;
  throw damaged(source, "HEADER", 0x1a8, `it is ${type}, and names no parent`);
}

function unknownFeature(source: ByteSource, what: string, offset: number): GuestkitError {
  return new GuestkitError("E_VDI_FEATURE", `Cannot open "${source.name}": it has what is not known here: ${what}`, {
    at: { file: source.name, offset },
    help: `VirtualBox makes a plain copy: VBoxManage clonemedium "${source.name}" NEW.vdi`,
  });
}
