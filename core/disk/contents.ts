import { openFileSystem } from "../filesystem/index.ts";
import { recognise } from "../filesystem/recognise.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Codec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";
import { openVolumes, type Volume } from "../volume/index.ts";
import type { DiskFileSystem, PlainDisk } from "./disk.ts";

/** The partitions of a disk and what is in each; a damaged file system only carries its `error`. */
export async function openContents(
  source: ByteSource,
  codec: Codec,
): Promise<Pick<PlainDisk, "table" | "filesystems">> {
  const table = await openVolumes(source);
  return { table, filesystems: table ? await openAll(table.volumes, codec) : await openBare(source, codec) };
}

async function openAll(volumes: readonly Volume[], codec: Codec): Promise<readonly DiskFileSystem[]> {
  const all: DiskFileSystem[] = [];
  for (const volume of volumes) all.push(await openVolume(volume.source, `/dev/sda${volume.number}`, volume, codec));
  return all;
}

/** Without a table the disk itself may be a file system; a blank one holds nothing. */
async function openBare(source: ByteSource, codec: Codec): Promise<readonly DiskFileSystem[]> {
  const content = await openVolume(source, "/dev/sda", null, codec);
  return content.type === null && content.error === null ? [] : [content];
}

async function openVolume(
  source: ByteSource,
  device: string,
  partition: Volume | null,
  codec: Codec,
): Promise<DiskFileSystem> {
  const place = { device, partition };
  try {
    const fs = await openFileSystem(source, { ...codec, others: [] });
    if (fs)
      return { ...place, type: fs.type, label: fs.label, uuid: fs.uuid, size: fs.size, free: fs.free, fs, error: null };
    return { ...place, ...(await named(source)), free: null, fs: null, error: null };
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    return { ...place, ...(await namedSafely(source)), free: null, fs: null, error };
  }
}

async function named(source: ByteSource): Promise<Pick<DiskFileSystem, "type" | "label" | "uuid" | "size">> {
  const found = await recognise(source);
  return { type: found?.type ?? null, label: found?.label ?? null, uuid: found?.uuid ?? null, size: source.size };
}

/** Of damaged content even the first sectors may be out of reach. */
async function namedSafely(source: ByteSource): ReturnType<typeof named> {
  try {
    return await named(source);
  } catch (error) {
    if (error instanceof GuestkitError) return { type: null, label: null, uuid: null, size: source.size };
    throw error;
  }
}
