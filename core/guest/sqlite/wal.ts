import { type ByteSource, stream } from "../../source/source.ts";
import { damaged } from "./fault.ts";
import { frameHeader, WAL_MAGIC, WAL_VERSION, walHeader } from "./layout.ts";
import type { Overlay } from "./overlay.ts";

const EMPTY: Overlay = { places: new Map(), pages: null };
/** Frames of a log: SQLite's own checkpoints keep it near a thousand. */
const MAX_FRAMES = 1 << 18;
/** Frames that are read at once. */
const BATCH = 64;

/**
 * The committed part of a log: frames of its own salts whose running checksum holds, up to the last commit among them;
 * whatever follows was not finished, or is of an older round. One that is empty, or of another page size, says nothing.
 * Throws `E_SQLITE_WAL`.
 */
export async function readWal(source: ByteSource, pageSize: number): Promise<Overlay> {
  if (source.size < walHeader.size) return EMPTY;
  const head = await source.read(0, walHeader.size);
  const { magic, version, salt1, salt2, ...header } = fieldsOf(head);
  if (magic !== WAL_MAGIC && magic !== WAL_MAGIC + 1) return EMPTY;
  if (version !== WAL_VERSION) throw damaged(source.name, "WAL", 4, `version ${version} of the log is not known`);
  const sum = new RunningSum(magic === WAL_MAGIC);
  sum.add(head.subarray(0, 24));
  if (!sum.is(header.checksum1, header.checksum2) || header.pageSize !== pageSize) return EMPTY;
  const log = new Log();
  const size = frameHeader.size + pageSize;
  let at = walHeader.size;
  for await (const batch of stream(source, { start: at, end: lastFrame(source, at, size), chunk: BATCH * size })) {
    for (let offset = 0; offset < batch.length; offset += size, at += size) {
      const frame = frameHeader.decode(batch, offset);
      if (frame.page === 0 || frame.salt1 !== salt1 || frame.salt2 !== salt2) return log.wal();
      sum.add(batch.subarray(offset, offset + 8));
      sum.add(batch.subarray(offset + frameHeader.size, offset + size));
      if (!sum.is(frame.checksum1, frame.checksum2)) return log.wal();
      log.add(frame.page, frame.committed, at + frameHeader.size);
    }
  }
  return log.wal();
}

function fieldsOf(head: Uint8Array) {
  const { magic, version, pageSize, salt1, salt2, checksum1, checksum2 } = walHeader.decode(head);
  return { magic, version, pageSize, salt1, salt2, checksum1, checksum2 };
}

/** The end of the last whole frame. */
function lastFrame({ name, size: end }: ByteSource, start: number, size: number): number {
  const frames = Math.floor((end - start) / size);
  if (frames > MAX_FRAMES) throw damaged(name, "WAL", 0, `its log has ${frames} frames, more than ${MAX_FRAMES}`);
  return start + frames * size;
}

/** Frames count from the commit on that follows them. */
class Log {
  readonly #places = new Map<number, number>();
  readonly #open = new Map<number, number>();
  #pages: number | null = null;

  add(page: number, committed: number, place: number): void {
    this.#open.set(page, place);
    if (committed === 0) return;
    for (const [each, at] of this.#open) this.#places.set(each, at);
    this.#open.clear();
    this.#pages = committed;
  }

  wal(): Overlay {
    return { places: this.#places, pages: this.#pages };
  }
}

/** The log's checksum, which goes on from frame to frame. */
class RunningSum {
  readonly #little: boolean;
  #s0 = 0;
  #s1 = 0;

  constructor(little: boolean) {
    this.#little = little;
  }

  /** A multiple of 8 bytes. */
  add(data: Uint8Array): void {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    let [s0, s1] = [this.#s0, this.#s1];
    for (let at = 0; at < data.length; at += 8) {
      s0 = (s0 + view.getUint32(at, this.#little) + s1) | 0;
      s1 = (s1 + view.getUint32(at + 4, this.#little) + s0) | 0;
    }
    [this.#s0, this.#s1] = [s0, s1];
  }

  is(checksum1: number, checksum2: number): boolean {
    return this.#s0 >>> 0 === checksum1 && this.#s1 >>> 0 === checksum2;
  }
}
