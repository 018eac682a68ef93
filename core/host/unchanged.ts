import type { BigIntStats } from "node:fs";
import { Lru } from "../kit/lru.ts";
import { lookAt } from "./look.ts";

/** How long a file's times may lag behind a change (ms): a tick of the kernel's clock, which is 10 at most. */
const TICK = 20;

/** What was read out of files, and how they were then. */
interface Reading<T> {
  readonly value: T;
  readonly files: readonly string[];
  readonly stamps: string;
  /** Since when the files are known to be like that, and when they were read (ms, monotonic). */
  readonly since: number;
  readonly at: number;
}

/** What a reader gives, and the files that it read it from. */
export interface Read<T> {
  readonly value: T;
  readonly files: readonly string[];
}

/**
 * Remembers what was read for as long as nobody touches the files that it came from: device, inode, size, mtime and ctime
 * tell. A file that was changed and read within one tick of the kernel's clock looks the same afterwards: what counts was
 * read a tick after the file was first seen like that. So a file is read twice at most, and then costs a `stat`.
 */
export class Unchanged<T> {
  readonly #known: Lru<string, Reading<T>>;

  /** `capacity`: how many answers are kept. */
  constructor(capacity: number) {
    this.#known = new Lru(capacity);
  }

  /** Throws what `read` throws; that is not remembered. */
  async get(key: string, read: () => Promise<Read<T>>): Promise<T> {
    const known = this.#known.get(key);
    const isSame = known !== undefined && stampsOf(known.files) === known.stamps;
    if (isSame && known.at - known.since >= TICK) return known.value;
    const at = performance.now();
    const { value, files } = await read();
    // Looked at last: what was touched meanwhile is read again before it counts.
    const stamps = stampsOf(files);
    const since = known?.stamps === stamps ? known.since : performance.now();
    this.#known.set(key, { value, files, stamps, since, at });
    return value;
  }
}

const stampsOf = (files: readonly string[]): string => files.map((path) => stampOf(lookAt(path))).join(" ");

const stampOf = (found: BigIntStats | null): string =>
  found ? `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}` : "-";
