import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { typeOfMode } from "../file-type.ts";
import type { DirectoryEntry, FileStat, FileSystem, FileType } from "../filesystem.ts";
import { checkName, fileSections, noRecord, readDirectory, selfRecord } from "./directory.ts";
import { sectionSource } from "./file.ts";
import { foldName, jolietName, plainName } from "./name.ts";
import { type IsoRecord, isDirectory, isDot, isSelf } from "./record.ts";
import { type RockRidge, readRockRidge } from "./rock-ridge.ts";
import { systemUse, systemUseSkip } from "./system-use.ts";
import { shortTime } from "./time.ts";
import { type IsoVolume, readVolume } from "./volume.ts";

/** Which of a volume's trees is read: the one with the best names. */
type Names = { readonly kind: "rock-ridge"; readonly skip: number } | { readonly kind: "joliet" | "plain" };

/** Opens ISO 9660. Throws `E_ISO9660_DESCRIPTOR` where there is none, `E_ISO9660_DIRECTORY` for a damaged root. */
export async function openIso(source: ByteSource): Promise<FileSystem> {
  const volume = await readVolume(source);
  const names = await chooseNames(volume);
  const root = names.kind === "joliet" ? (volume.jolietRoot ?? volume.root) : volume.root;
  await selfRecord(volume, root);
  return new IsoFileSystem(volume, root, names);
}

async function chooseNames(volume: IsoVolume): Promise<Names> {
  const root = await selfRecord(volume, volume.root);
  const skip = systemUseSkip(root);
  if (skip !== null) {
    const signatures = (await systemUse(volume, root, skip)).map((each) => each.signature);
    if (["RR", "ER", "PX"].some((each) => signatures.includes(each))) return { kind: "rock-ridge", skip };
  }
  return { kind: volume.jolietRoot === null ? "plain" : "joliet" };
}

/** A listed file: its record, what Rock Ridge says of it, and its inode. */
interface Found {
  readonly record: IsoRecord;
  readonly rock: RockRidge | null;
  readonly name: Uint8Array;
  readonly inode: number;
}

/** An inode number is the byte at which a file's record stands, or at which a directory starts. */
class IsoFileSystem implements FileSystem {
  readonly type = "iso9660";
  readonly uuid: string | null;
  readonly label: string | null;
  readonly size: number;
  readonly free = 0;
  readonly warnings: readonly string[];
  readonly root: number;
  readonly #volume: IsoVolume;
  readonly #names: Names;
  /** Which directory holds a directory: two of one would be a tree without end. */
  readonly #parents = new Map<number, number>();

  constructor(volume: IsoVolume, root: number, names: Names) {
    const { source, size, uuid, label } = volume;
    this.#volume = volume;
    this.#names = names;
    this.#parents.set(root, root);
    this.root = root;
    this.uuid = uuid;
    this.label = label;
    this.size = size;
    this.warnings = size > source.size ? [`the file system ends at ${size}, past its ${source.size} bytes`] : [];
  }

  async stat(inode: number): Promise<FileStat> {
    const sections = await this.#sections(inode);
    const [record] = sections;
    const rock = await this.#rock(record);
    const type = typeOf(this.#volume, record, rock);
    const date = shortTime(record.date);
    const { posix, times, device, uncompressed, link } = rock ?? PLAIN;
    const size = sections.reduce((sum, section) => sum + section.size, 0);
    return {
      inode,
      type,
      mode: posix ? posix.mode & 0o7777 : 0o555,
      uid: posix?.uid ?? 0,
      gid: posix?.gid ?? 0,
      size: type === "symlink" ? (link?.length ?? 0) : (uncompressed ?? size),
      links: posix?.links ?? 1,
      mtime: times.modify ?? date,
      atime: times.access ?? date,
      ctime: times.attributes ?? times.creation ?? date,
      btime: times.creation,
      device: type === "block" || type === "char" ? device : null,
    };
  }

  async *entries(directory: number): AsyncGenerator<readonly DirectoryEntry[]> {
    for await (const batch of this.#list(directory)) {
      yield batch.map(({ name, inode, record, rock }) => ({
        name,
        inode,
        type: rock?.child != null ? "directory" : typeOf(this.#volume, record, rock),
      }));
    }
  }

  /** Upper and lower case are equal in Joliet's tree alone, as in the kernel. */
  async lookup(directory: number, name: Uint8Array): Promise<number | null> {
    const equal = this.#names.kind === "joliet" ? foldedLike(name) : bytesLike(name);
    for await (const batch of this.#list(directory)) {
      const found = batch.find((each) => equal(each.name));
      if (found) return found.inode;
    }
    return null;
  }

  async readLink(inode: number): Promise<Uint8Array> {
    const [record] = await this.#sections(inode);
    const rock = await this.#rock(record);
    if (rock?.link && typeOf(this.#volume, record, rock) === "symlink") return rock.link;
    throw new GuestkitError("E_ISO9660_LINK", `Cannot read link ${inode}: it is no symbolic link`);
  }

  async open(inode: number): Promise<ByteSource> {
    const sections = await this.#sections(inode);
    const rock = await this.#rock(sections[0]);
    const type = typeOf(this.#volume, sections[0], rock);
    if (type !== "file") throw new GuestkitError("E_ISO9660_OPEN", `Cannot open inode ${inode}: it is a ${type}`);
    const packed = rock?.uncompressed != null ? "compressed (zisofs)" : rock?.sparse ? "sparse (Rock Ridge SF)" : null;
    if (packed) {
      throw new GuestkitError("E_ISO9660_PACKED", `Cannot read a file: it is ${packed}`, {
        at: { file: this.#volume.source.name, offset: inode },
      });
    }
    return sectionSource(this.#volume, sections);
  }

  async xattrs(): Promise<ReadonlyMap<string, Uint8Array>> {
    return new Map();
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #sections(inode: number): Promise<readonly [IsoRecord, ...IsoRecord[]]> {
    const sections = await fileSections(this.#volume, inode);
    const [record] = sections;
    // A directory is known by the record it starts with, anything else by the one that names it.
    if (isDirectory(record) !== isSelf(record) || (isDot(record) && !isSelf(record)))
      throw noRecord(this.#volume, inode);
    return sections;
  }

  async #rock(record: IsoRecord): Promise<RockRidge | null> {
    return this.#names.kind === "rock-ridge" ? readRockRidge(this.#volume, record, this.#names.skip) : null;
  }

  async *#list(directory: number): AsyncGenerator<readonly Found[]> {
    for await (const batch of readDirectory(this.#volume, directory)) {
      const found: Found[] = [];
      for (const record of batch) {
        const rock = await this.#rock(record);
        if (rock?.relocated) continue;
        const name = this.#nameOf(record, rock);
        checkName(this.#volume, name, record);
        found.push({ record, rock, name, inode: this.#inodeOf(record, rock, directory) });
      }
      if (found.length > 0) yield found;
    }
  }

  #nameOf(record: IsoRecord, rock: RockRidge | null): Uint8Array {
    if (this.#names.kind === "joliet") return jolietName(record.name);
    return rock?.name ?? plainName(record.name);
  }

  #inodeOf(record: IsoRecord, rock: RockRidge | null, directory: number): number {
    const start = rock?.child ?? (isDirectory(record) ? record.start : null);
    if (start === null) return record.offset;
    const parent = this.#parents.get(start);
    if (parent === undefined) this.#parents.set(start, directory);
    if (parent === undefined || (parent === directory && start !== directory)) return start;
    throw new GuestkitError("E_ISO9660_CROSS_LINK", "Cannot list a directory: one of it is another directory's too", {
      at: { file: this.#volume.source.name, offset: record.offset },
      help: "The image is damaged: compare its size and sha256 with the original's.",
    });
  }
}

/** What is so where Rock Ridge is silent. */
const PLAIN: Omit<RockRidge, "name"> = {
  posix: null,
  device: null,
  link: null,
  child: null,
  relocated: false,
  times: { modify: null, access: null, attributes: null, creation: null },
  uncompressed: null,
  sparse: false,
};

function typeOf(volume: IsoVolume, record: IsoRecord, rock: RockRidge | null): FileType {
  const directory = isDirectory(record);
  const type = rock?.posix ? typeOfMode(rock.posix.mode) : directory ? "directory" : "file";
  if (type && (type === "directory") === directory) return type;
  throw new GuestkitError("E_ISO9660_TYPE", "Cannot read a file: Rock Ridge gives it another type than its record", {
    at: { file: volume.source.name, offset: record.offset },
  });
}

function foldedLike(wanted: Uint8Array): (name: Uint8Array) => boolean {
  const folded = foldName(wanted);
  return (name) => foldName(name) === folded;
}

function bytesLike(wanted: Uint8Array): (name: Uint8Array) => boolean {
  return (name) => name.length === wanted.length && name.every((byte, index) => byte === wanted[index]);
}
