import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { type Extensions, readExtensions } from "./extensions.ts";
import { damaged } from "./fault.ts";
import {
  Autoclear,
  Compatible,
  CryptMethod,
  compressionField,
  headerV2,
  headerV3,
  Incompatible,
  Limit,
  MAGIC,
} from "./layout.ts";

/** A header that holds together, in the terms of the spec. Offsets and sizes in bytes. */
export interface Header {
  readonly version: 2 | 3;
  readonly clusterBits: number;
  readonly clusterSize: number;
  readonly size: number;
  readonly l1Size: number;
  readonly l1TableOffset: number;
  readonly nbSnapshots: number;
  readonly snapshotsOffset: number;
  readonly refcountBits: number;
  readonly compressionType: "zlib" | "zstd";
  readonly dirty: boolean;
  readonly corrupt: boolean;
  readonly extendedL2: boolean;
  readonly lazyRefcounts: boolean;
  readonly hasDataFile: boolean;
  readonly rawDataFile: boolean;
  readonly hasBitmaps: boolean;
  readonly backingName: string | null;
  /** The length of a parent's name is there, and its place is not: QEMU sees no parent then. */
  readonly lostBacking: boolean;
  /** By LUKS. */
  readonly isEncrypted: boolean;
  readonly extensions: Extensions;
}

interface Features {
  readonly incompatible: bigint;
  readonly compatible: bigint;
  readonly autoclear: bigint;
  readonly refcountOrder: number;
  readonly headerLength: number;
}

/** Throws `E_QCOW2_VERSION`, `E_QCOW2_ENCRYPTED`, `E_QCOW2_FEATURE`, `E_QCOW2_HEADER`. */
export async function readHeader(source: ByteSource): Promise<Header> {
  try {
    return await parseHeader(source);
  } catch (error) {
    throw error instanceof GuestkitError ? error.within({ file: source.name, offset: 0 }) : error;
  }
}

async function parseHeader(source: ByteSource): Promise<Header> {
  const bytes = await source.read(0, Math.min(compressionField.size, source.size));
  const version = versionOf(bytes, source);
  const base = headerV2.decode(bytes);
  const features = version === 3 ? readFeatures(bytes, source) : { ...NO_FEATURES };
  const { clusterBits } = base;
  checkClusterBits(source, clusterBits, features);
  const clusterSize = 2 ** clusterBits;
  const area = extensionArea(source, base, features.headerLength, clusterSize);
  const extensions = await readExtensions(source, area.start, area.end);
  refuseUnknown(source, features.incompatible, extensions);
  checkEncryption(source, base.cryptMethod, extensions);
  const has = (bit: bigint) => (features.incompatible & bit) !== 0n;
  return {
    version,
    clusterBits,
    clusterSize,
    // Disks are made of whole sectors: QEMU does not show the rest.
    size: base.size - (base.size % 512),
    l1Size: base.l1Size,
    l1TableOffset: base.l1TableOffset,
    nbSnapshots: base.nbSnapshots,
    // Without snapshots it may be anything.
    snapshotsOffset: base.nbSnapshots > 0 ? base.snapshotsOffset : 0,
    refcountBits: 2 ** features.refcountOrder,
    compressionType: compressionOf(source, bytes, features),
    dirty: has(Incompatible.dirty),
    corrupt: has(Incompatible.corrupt),
    extendedL2: has(Incompatible.extendedL2),
    lazyRefcounts: (features.compatible & Compatible.lazyRefcounts) !== 0n,
    hasDataFile: has(Incompatible.dataFile),
    rawDataFile: has(Incompatible.dataFile) && (features.autoclear & Autoclear.rawDataFile) !== 0n,
    hasBitmaps: (features.autoclear & Autoclear.bitmaps) !== 0n && extensions.hasBitmaps,
    lostBacking: base.backingFileOffset === 0 && base.backingFileSize > 0,
    backingName: await readBackingName(source, base.backingFileOffset, base.backingFileSize, clusterSize),
    isEncrypted: base.cryptMethod !== CryptMethod.none,
    extensions,
  };
}

/** Version 2 has none of them, and reference counts of 16 bits. */
const NO_FEATURES: Features = {
  incompatible: 0n,
  compatible: 0n,
  autoclear: 0n,
  refcountOrder: 4,
  headerLength: headerV2.size,
};

function versionOf(bytes: Uint8Array, source: ByteSource): 2 | 3 {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headerV2.size || view.getUint32(0) !== MAGIC) {
    throw damaged(source, "HEADER", 0, "it does not start with a whole qcow2 header");
  }
  const version = view.getUint32(4);
  if (version === 2 || version === 3) return version;
  throw new GuestkitError("E_QCOW2_VERSION", `Cannot open "${source.name}": it is qcow version ${version}`, {
    at: { file: source.name, offset: 4 },
    help: `Versions 2 and 3 are read; convert it: qemu-img convert -O qcow2 "${source.name}" NEW.qcow2`,
  });
}

function readFeatures(bytes: Uint8Array, source: ByteSource): Features {
  if (bytes.length < headerV3.size) throw damaged(source, "HEADER", 0, "it ends within its header");
  const { incompatibleFeatures, compatibleFeatures, autoclearFeatures, refcountOrder, headerLength } =
    headerV3.decode(bytes);
  if (headerLength < headerV3.size || headerLength % 8 !== 0) {
    throw damaged(source, "HEADER", 100, `its header is ${headerLength} bytes long`);
  }
  if (refcountOrder > 6) throw damaged(source, "HEADER", 96, `its refcount order is ${refcountOrder}`);
  return {
    incompatible: incompatibleFeatures,
    compatible: compatibleFeatures,
    autoclear: autoclearFeatures,
    refcountOrder,
    headerLength,
  };
}

function checkClusterBits(source: ByteSource, bits: number, { incompatible }: Features): void {
  const extended = (incompatible & Incompatible.extendedL2) !== 0n;
  const least = extended ? Limit.minExtendedClusterBits : Limit.minClusterBits;
  if (bits >= least && bits <= Limit.maxClusterBits) return;
  throw damaged(source, "HEADER", 20, `its clusters are 2^${bits} bytes, and only 2^${least} to 2^21 can be`);
}

/** Extensions stand between the header and the backing file's name, all of them in the first cluster. */
function extensionArea(
  source: ByteSource,
  { backingFileOffset, backingFileSize }: { backingFileOffset: number; backingFileSize: number },
  start: number,
  clusterSize: number,
): { start: number; end: number } {
  if (start > clusterSize)
    throw damaged(source, "HEADER", 100, `its header of ${start} bytes is longer than a cluster`);
  const cluster = Math.min(clusterSize, source.size);
  const named = backingFileOffset !== 0 && backingFileSize !== 0 && backingFileOffset >= start;
  return { start, end: named ? Math.min(backingFileOffset, cluster) : cluster };
}

function refuseUnknown(source: ByteSource, incompatible: bigint, { featureNames }: Extensions): void {
  const known = Object.values(Incompatible).reduce((all, bit) => all | bit, 0n);
  const unknown = incompatible & ~known;
  if (unknown === 0n) return;
  const names = Array.from({ length: 64 }, (_, bit) => bit)
    .filter((bit) => (unknown >> BigInt(bit)) & 1n)
    .map((bit) => featureNames.get(bit) ?? `bit ${bit}`);
  throw new GuestkitError(
    "E_QCOW2_FEATURE",
    `Cannot open "${source.name}": it uses what is not known here: ${names.join(", ")}`,
    {
      at: { file: source.name, offset: 72 },
      help: "A newer guestkit may know it; qemu-img convert makes a plain copy.",
    },
  );
}

function checkEncryption(source: ByteSource, method: number, { luks }: Extensions): void {
  if (method === CryptMethod.none || (method === CryptMethod.luks && luks)) return;
  if (method !== CryptMethod.luks) throw encrypted(source, method);
  throw damaged(source, "EXTENSION", 32, "it is encrypted by LUKS, and does not say where its LUKS header stands");
}

function encrypted(source: ByteSource, method: number): GuestkitError {
  const name = method === 1 ? "AES" : `method ${method}`;
  return new GuestkitError("E_QCOW2_ENCRYPTED", `Cannot open "${source.name}": it is encrypted (${name})`, {
    at: { file: source.name, offset: 32 },
    help:
      `Make a plain copy: qemu-img convert --object secret,id=s,file=PASSPHRASE_FILE --image-opts ` +
      `driver=qcow2,encrypt.key-secret=s,file.filename="${source.name}" -O qcow2 NEW.qcow2`,
  });
}

function compressionOf(source: ByteSource, bytes: Uint8Array, features: Features): "zlib" | "zstd" {
  const type = features.headerLength > 104 ? compressionField.decode(bytes).compressionType : 0;
  if (((features.incompatible & Incompatible.compressionType) !== 0n) !== (type !== 0)) {
    throw damaged(source, "HEADER", 104, `its compression type is ${type}, which its feature bits contradict`);
  }
  if (type === 0) return "zlib";
  if (type === 1) return "zstd";
  throw damaged(source, "HEADER", 104, `its compression type is ${type}, and 0 (zlib) and 1 (zstd) are known`);
}

async function readBackingName(
  source: ByteSource,
  offset: number,
  length: number,
  clusterSize: number,
): Promise<string | null> {
  if (offset === 0 || (length === 0 && offset <= clusterSize)) return null;
  if (length > Limit.maxBackingName || offset + length > Math.min(clusterSize, source.size)) {
    throw damaged(
      source,
      "HEADER",
      8,
      `its backing file's name (${length} bytes at ${offset}) is outside the first cluster`,
    );
  }
  return new TextDecoder().decode(await source.read(offset, length));
}
