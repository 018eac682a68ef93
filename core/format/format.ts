import type { Codec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";

export interface Snapshot {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Bytes of the guest's memory state; 0 where only the disk was taken. */
  readonly vmStateSize: number;
  /** Bytes. */
  readonly virtualSize: number;
}

/** An opened image: the bytes that the guest would see, and what its format says of itself. */
export interface Image extends ByteSource {
  /** qcow2, raw, ... */
  readonly format: string;
  /** The files it is made of, its own first, then data file and parents. */
  readonly files: readonly string[];
  /** As written in the header; null without one. */
  readonly backing: { readonly name: string; readonly format: string | null; readonly image: Image } | null;
  readonly snapshots: readonly Snapshot[];
  /** Format facts for `info`: cluster_size, compat, compression_type, lazy_refcounts, ... */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  readonly warnings: readonly string[];
}

/** A member of an archive. */
export interface MemberChoice {
  /** The only disk where null. */
  readonly name: string | null;
  /** Told by its content where null. */
  readonly format: string | null;
}

/** What a format may ask of its surroundings; in a browser `openFile` may refuse. */
export interface OpenContext extends Codec {
  /** Opens a file named in a header, `name` taken relative to the image at `base`. */
  openFile(name: string, base: string): Promise<ByteSource>;
  /**
   * A file beside the image at `base` whose name ends so and that `isIt`, as a name for `openFile`; null without one. Left
   * out where no folder can be looked through.
   */
  findFile?(base: string, ending: string, isIt: (source: ByteSource) => Promise<boolean>): Promise<string | null>;
  /** Opens a parent as its header says, null where that is silent. `seen` holds the names open above it. */
  openImage(
    source: ByteSource,
    format: string | null,
    seen: readonly string[],
    /** Opens what it names instead of the host, where it lies in something that is a host of its own: an archive. */
    within?: OpenContext["openFile"],
  ): Promise<Image>;
  /** Opens an internal snapshot by id or name instead of the active state. */
  readonly snapshot?: string;
  /** Of an archive the member to open, and what that is: its only disk, by its content, where left out. */
  readonly member?: MemberChoice;
  /** Bytes of keys for what is encrypted, by the image's name and the UUID in its header, in the order to be tried. */
  readonly keys?: (image: string, uuid: string) => Promise<readonly Uint8Array[]>;
}

export interface ImageFormat {
  readonly name: string;
  open(source: ByteSource, context: OpenContext, seen: readonly string[]): Promise<Image>;
}
