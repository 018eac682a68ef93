import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import type { DirectoryEntry, FileStat, FileSystem } from "../filesystem.ts";
import { ChainReader, countFree } from "./chain.ts";
import { type Area, directoryAreas, type FatEntry, rawEntries, readEntries } from "./directory.ts";
import { clusterSource } from "./file.ts";
import {
  ATTR_DIRECTORY,
  ATTR_LONG_NAME,
  ATTR_MASK,
  ATTR_READ_ONLY,
  ATTR_VOLUME_ID,
  ENTRY_END,
  ENTRY_FREE,
  ENTRY_SIZE,
  FSINFO_LEAD,
  FSINFO_STRUCT,
  fsInfo,
  shortEntry,
} from "./layout.ts";
import { decodeLabel, encodeUtf16 } from "./name.ts";
import { fatTime } from "./time.ts";
import { type FatVolume, type FoundVolume, readVolume } from "./volume.ts";

/** The root directory has no entry of its own. */
const ROOT = 1;

/** Opens FAT12, FAT16 or FAT32. Throws `E_FAT_BOOT` where there is none, `E_FAT_CHAIN_*` for a damaged root. */
export async function openFat(source: ByteSource): Promise<FileSystem> {
  const found = await readVolume(source);
  const chains = new ChainReader(source, found.volume);
  const areas = await rootAreas(chains);
  const label = (await rootLabel(source, areas)) ?? (found.volume.label ? decodeLabel(found.volume.label) : null);
  return new FatFileSystem(
    source,
    chains,
    areas,
    label,
    await freeBytes(source, found.volume),
    warnings(source, found),
  );
}

async function rootAreas(chains: ChainReader): Promise<readonly Area[]> {
  const { bits, rootStart, rootSize, rootCluster } = chains.volume;
  return bits === 32 ? directoryAreas(chains, rootCluster) : [{ start: rootStart, size: rootSize }];
}

async function rootLabel(source: ByteSource, areas: readonly Area[]): Promise<string | null> {
  for await (const batch of rawEntries(source, areas)) {
    for (const { raw } of batch) {
      const attributes = (raw[11] ?? 0) & ATTR_MASK;
      const isLabel = attributes !== ATTR_LONG_NAME && attributes & ATTR_VOLUME_ID && !(attributes & ATTR_DIRECTORY);
      if (raw[0] !== ENTRY_FREE && isLabel) return decodeLabel(raw.subarray(0, 11));
    }
  }
  return null;
}

async function freeBytes(source: ByteSource, volume: FatVolume): Promise<number | null> {
  const counted = await countFree(source, volume);
  const clusters = counted ?? (await noted(source, volume));
  return clusters === null ? null : clusters * volume.clusterSize;
}

/** FSInfo's count, a hint that is taken only where counting would take long and the volume was unmounted. */
async function noted(source: ByteSource, volume: FatVolume): Promise<number | null> {
  if (volume.infoStart === null || volume.dirty) return null;
  const info = fsInfo.decode(await source.read(volume.infoStart, 512));
  const valid = info.leadSig === FSINFO_LEAD && info.strucSig === FSINFO_STRUCT;
  return valid && info.freeCount <= volume.clusters ? info.freeCount : null;
}

function warnings(source: ByteSource, { volume, backup }: FoundVolume): readonly string[] {
  const found: string[] = [];
  if (backup) found.push("the boot sector is damaged: its backup was used");
  if (volume.dirty) found.push("the file system was not unmounted cleanly");
  if (volume.size > source.size) found.push(`the file system ends at ${volume.size}, past its ${source.size} bytes`);
  return found;
}

class FatFileSystem implements FileSystem {
  readonly type = "vfat";
  readonly uuid: string | null;
  readonly label: string | null;
  readonly size: number;
  readonly free: number | null;
  readonly warnings: readonly string[];
  readonly root = ROOT;
  readonly #source: ByteSource;
  readonly #chains: ChainReader;
  readonly #rootAreas: readonly Area[];
  /** Which directory owns a first cluster: two of one would be a tree without end. */
  readonly #owners = new Map<number, number>();

  constructor(
    source: ByteSource,
    chains: ChainReader,
    rootAreas: readonly Area[],
    label: string | null,
    free: number | null,
    warnings: readonly string[],
  ) {
    const { serial, size, rootCluster } = chains.volume;
    this.#source = source;
    this.#chains = chains;
    this.#rootAreas = rootAreas;
    this.#owners.set(rootCluster, ROOT);
    this.uuid = serial === null ? null : formatSerial(serial);
    this.label = label;
    this.size = size;
    this.free = free;
    this.warnings = warnings;
  }

  async stat(inode: number): Promise<FileStat> {
    if (inode === ROOT) return rootStat(this.#rootAreas);
    const entry = await this.#entry(inode);
    const directory = (entry.attr & ATTR_DIRECTORY) !== 0;
    const mtime = fatTime(entry.wrtDate, entry.wrtTime);
    return {
      inode,
      type: directory ? "directory" : "file",
      mode: entry.attr & ATTR_READ_ONLY ? 0o555 : 0o755,
      uid: 0,
      gid: 0,
      size: directory ? areaSize(await this.#areas(inode)) : entry.fileSize,
      links: 1,
      mtime,
      atime: fatTime(entry.lstAccDate, 0),
      ctime: mtime,
      btime: entry.crtDate === 0 ? null : fatTime(entry.crtDate, entry.crtTime, entry.crtTimeTenth),
      device: null,
    };
  }

  async *entries(directory: number): AsyncGenerator<readonly DirectoryEntry[]> {
    for await (const batch of readEntries(this.#source, await this.#areas(directory))) yield batch.map(directoryEntry);
  }

  /** Upper and lower case are equal, and a file answers to its short name too, as on vfat. */
  async lookup(directory: number, name: Uint8Array): Promise<number | null> {
    const wanted = fold(new TextDecoder().decode(name));
    for await (const batch of readEntries(this.#source, await this.#areas(directory))) {
      const entry = batch.find((each) => fold(each.name) === wanted || fold(each.shortName) === wanted);
      if (entry) return entry.offset / ENTRY_SIZE;
    }
    return null;
  }

  async readLink(inode: number): Promise<Uint8Array> {
    throw new GuestkitError("E_FAT_LINK", `Cannot read link ${inode}: FAT has no symbolic links`);
  }

  async open(inode: number): Promise<ByteSource> {
    const entry = inode === ROOT ? null : await this.#entry(inode);
    if (!entry || entry.attr & ATTR_DIRECTORY) {
      throw new GuestkitError("E_FAT_OPEN", `Cannot open inode ${inode}: it is a directory`);
    }
    const { fileSize } = entry;
    const needed = Math.ceil(fileSize / this.#chains.volume.clusterSize);
    const runs = needed === 0 ? [] : await this.#chains.runs(this.#firstCluster(entry), needed);
    return clusterSource(this.#source, this.#chains, runs, fileSize);
  }

  async xattrs(): Promise<ReadonlyMap<string, Uint8Array>> {
    return new Map();
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #areas(inode: number): Promise<readonly Area[]> {
    if (inode === ROOT) return this.#rootAreas;
    const entry = await this.#entry(inode);
    if (!(entry.attr & ATTR_DIRECTORY)) {
      throw new GuestkitError("E_FAT_DIRECTORY", `Cannot list inode ${inode}: it is no directory`);
    }
    const cluster = this.#firstCluster(entry);
    this.#claim(cluster, inode);
    return directoryAreas(this.#chains, cluster);
  }

  #claim(cluster: number, inode: number): void {
    const owner = this.#owners.get(cluster);
    if (owner === undefined) this.#owners.set(cluster, inode);
    if (owner === undefined || owner === inode) return;
    throw new GuestkitError("E_FAT_CROSS_LINK", `Cannot list a directory: cluster ${cluster} is another directory's`, {
      at: { file: this.#source.name, offset: inode * ENTRY_SIZE },
      help: "The file system is damaged: fsck.fat on a copy of it may mend it.",
    });
  }

  /** The upper half is something else's (OS/2's) before FAT32. */
  #firstCluster(entry: { readonly fstClusHi: number; readonly fstClusLo: number }): number {
    return (this.#chains.volume.bits === 32 ? entry.fstClusHi * 0x10000 : 0) + entry.fstClusLo;
  }

  async #entry(inode: number) {
    const offset = inode * ENTRY_SIZE;
    const { rootStart, rootSize, dataStart, size } = this.#chains.volume;
    const inRoot = offset >= rootStart && offset < rootStart + rootSize;
    if (!Number.isSafeInteger(inode) || !(inRoot || (offset >= dataStart && offset < size))) throw noEntry(inode);
    const raw = await this.#source.read(offset, ENTRY_SIZE);
    const unused = raw[0] === ENTRY_END || raw[0] === ENTRY_FREE || (raw[11] ?? 0) & ATTR_VOLUME_ID;
    if (unused) throw noEntry(inode);
    return shortEntry.decode(raw);
  }
}

function noEntry(inode: number): GuestkitError {
  return new GuestkitError("E_FAT_INODE", `Cannot read inode ${inode}: no file's entry is there`);
}

function directoryEntry(entry: FatEntry): DirectoryEntry {
  return {
    name: encodeUtf16(entry.name),
    inode: entry.offset / ENTRY_SIZE,
    type: entry.attributes & ATTR_DIRECTORY ? "directory" : "file",
  };
}

/** The root has neither times nor a mode of its own. */
function rootStat(areas: readonly Area[]): FileStat {
  const epoch = { seconds: 0, nanoseconds: 0 };
  const times = { mtime: epoch, atime: epoch, ctime: epoch, btime: null };
  const owner = { mode: 0o755, uid: 0, gid: 0 };
  return { inode: ROOT, type: "directory", ...owner, size: areaSize(areas), links: 1, ...times, device: null };
}

function areaSize(areas: readonly Area[]): number {
  return areas.reduce((sum, area) => sum + area.size, 0);
}

function fold(name: string): string {
  return name.toLowerCase();
}

function formatSerial(serial: number): string {
  const hex = serial.toString(16).toUpperCase().padStart(8, "0");
  return `${hex.slice(0, 4)}-${hex.slice(4)}`;
}
