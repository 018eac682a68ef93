import { descriptorText, sparse, streamed } from "../../support/vmdk.ts";

const CLUSTER = 4096;

/** VMDK, QED and Parallels that hold `disk`, alone, over one another and in several files; by name. */
export function extentImages(disk: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const changes = new Uint8Array(disk.length);
  changes.fill(7, 100 << 10, 109 << 10);
  const sectors = disk.length / 512;
  const half = sectors / 2;
  const flat = [`RW ${half} FLAT "parent" 0`, `RW ${half - 8} FLAT "parent" ${half}`, "RW 8 ZERO"];
  const link = { cid: "00000002", parentCid: "00000001", parent: "vmdk-sparse" };
  const images: readonly (readonly [string, Uint8Array])[] = [
    ["vmdk-sparse", sparse(disk, { cid: "00000001" })],
    ["vmdk-delta", sparse(changes, link)],
    ["vmdk-stream", streamed(disk)],
    ["vmdk-flat", Buffer.from(descriptorText("twoGbMaxExtentFlat", flat))],
    ["qed-alone", qed(disk, null)],
    ["qed-child", qed(changes, "parent")],
    ["parallels-alone", parallels(disk)],
    ["parallels-now", parallels(changes)],
    ["parallels-disk", Buffer.from(diskDescriptor(sectors))],
  ];
  // No Buffers: their slices are no copies.
  return new Map(images.map(([name, bytes]) => [name, new Uint8Array(bytes)]));
}

/** Clusters that are not empty, each with its number. */
function stored(disk: Uint8Array): { number: number; bytes: Uint8Array }[] {
  return Array.from({ length: Math.ceil(disk.length / CLUSTER) }, (_, number) => {
    return { number, bytes: disk.subarray(number * CLUSTER, (number + 1) * CLUSTER) };
  }).filter(({ bytes }) => bytes.some((byte) => byte !== 0));
}

/** Clusters of 4 KiB, one L2 table (2 MiB at most). */
function qed(disk: Uint8Array, parent: string | null): Buffer {
  const clusters = stored(disk);
  const image = Buffer.alloc((3 + clusters.length) * CLUSTER);
  image.write("QED\0", "latin1");
  for (const [index, value] of [CLUSTER, 1, 1].entries()) image.writeUInt32LE(value, 4 + index * 4);
  image.writeBigUInt64LE(BigInt(CLUSTER), 40);
  image.writeBigUInt64LE(BigInt(disk.length), 48);
  if (parent !== null) {
    image.writeUInt32LE(5, 16);
    image.writeUInt32LE(64, 56);
    image.writeUInt32LE(parent.length, 60);
    image.write(parent, 64, "latin1");
  }
  image.writeBigUInt64LE(BigInt(2 * CLUSTER), CLUSTER);
  for (const [index, { number, bytes }] of clusters.entries()) {
    image.writeBigUInt64LE(BigInt((3 + index) * CLUSTER), 2 * CLUSTER + number * 8);
    image.set(bytes, (3 + index) * CLUSTER);
  }
  return image;
}

/** Clusters of 4 KiB, its table in the first one. */
function parallels(disk: Uint8Array): Buffer {
  const clusters = stored(disk);
  const image = Buffer.alloc((1 + clusters.length) * CLUSTER);
  image.write("WithouFreSpacExt", "latin1");
  const sectors = disk.length / 512;
  for (const [at, value] of [
    [16, 2],
    [28, 8],
    [32, disk.length / CLUSTER],
    [36, sectors],
    [48, 8],
  ] as const) {
    image.writeUInt32LE(value, at);
  }
  for (const [index, { number, bytes }] of clusters.entries()) {
    image.writeUInt32LE(1 + index, 64 + number * 4);
    image.set(bytes, (1 + index) * CLUSTER);
  }
  return image;
}

const [OLD, NOW] = [1, 2].map((digit) => `{00000000-0000-0000-0000-00000000000${digit}}`);
const NOTHING = "{00000000-0000-0000-0000-000000000000}";

function diskDescriptor(sectors: number): string {
  const image = (guid = "", file = "") =>
    `<Image><GUID>${guid}</GUID><Type>Compressed</Type><File>${file}</File></Image>`;
  const shot = (guid = "", parent = "") => `<Shot><GUID>${guid}</GUID><ParentGUID>${parent}</ParentGUID></Shot>`;
  const images = image(OLD, "parallels-alone") + image(NOW, "parallels-now");
  return `<?xml version='1.0'?><Parallels_disk_image><Disk_Parameters><Disk_size>${sectors}</Disk_size></Disk_Parameters>
<StorageData><Storage><Start>0</Start><End>${sectors}</End>${images}</Storage></StorageData>
<Snapshots><TopGUID>${NOW}</TopGUID>${shot(OLD, NOTHING)}${shot(NOW, OLD)}</Snapshots></Parallels_disk_image>`;
}
