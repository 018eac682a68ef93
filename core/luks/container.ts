/** What both versions of LUKS say, in the same words. Offsets and sizes in bytes. */

export type Kdf =
  | { readonly type: "pbkdf2"; readonly hash: string; readonly iterations: number; readonly salt: Uint8Array }
  | {
      readonly type: "argon2i" | "argon2id";
      readonly passes: number;
      /** KiB. */
      readonly memory: number;
      readonly lanes: number;
      readonly salt: Uint8Array;
    };

/** A place where the volume key stands, split and enciphered with what is made of a passphrase. */
export interface KeySlot {
  readonly id: number;
  /** 2 is tried first; 0 never, unless asked for. */
  readonly priority: number;
  /** Of the volume key. */
  readonly keyBytes: number;
  readonly kdf: Kdf;
  readonly area: {
    readonly offset: number;
    readonly size: number;
    readonly encryption: string;
    readonly keyBytes: number;
  };
  readonly split: { readonly stripes: number; readonly hash: string };
}

/** By which a volume key is known to be the right one. */
export interface Digest {
  readonly hash: string;
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly value: Uint8Array;
}

/** A stretch of the data device. */
export interface Segment {
  readonly offset: number;
  /** Null: up to the device's end. */
  readonly size: number | null;
  readonly encryption: string;
  /** The number of the first sector, in units of 512 bytes. */
  readonly firstSector: number;
  readonly sectorSize: number;
}

/** A header that holds together. */
export interface Container {
  readonly version: 1 | 2;
  readonly uuid: string;
  readonly label: string | null;
  /** Those that hold the key of the data, in the order of trying. */
  readonly slots: readonly KeySlot[];
  readonly digest: Digest;
  /** Bytes of the header, and of its copy: no data can stand there. */
  readonly headerBytes: number;
  /** One behind another they are the opened device. */
  readonly segments: readonly Segment[];
  readonly warnings: readonly string[];
}
