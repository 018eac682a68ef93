import type { LogBlocks } from "./log-blocks.ts";
import { CLIENTS, OP, OP_FLAG, TRANS_HEADER_SIZE, TRANS_MAGIC } from "./log-layout.ts";
import type { LogRecord } from "./log-records.ts";
import { viewOf } from "./wide.ts";

/** One change: its description and the bytes that go with it. */
export interface LogItem {
  readonly regions: Uint8Array[];
  /** As many regions as the description says. */
  readonly total: number;
}

/** What was committed together. */
export interface Transaction {
  readonly lsn: bigint;
  /** Bytes from the file system's start: the record that committed it. */
  readonly offset: number;
  readonly items: readonly LogItem[];
}

interface Open {
  readonly lsn: bigint;
  readonly items: LogItem[];
  /** Bytes of its own header so far: that may be split over records. */
  header: number;
}

/** Bytes of transactions that are not committed yet: the kernel commits before 64 MiB. */
const MAX_OPEN = 96 << 20;

/** Puts transactions together from the operations of records, which are mixed and may be split. */
export class Transactions {
  readonly #log: LogBlocks;
  readonly #open = new Map<number, Open>();
  #bytes = 0;

  constructor(log: LogBlocks) {
    this.#log = log;
  }

  /** Those that the record commits. Throws `E_XFS_LOG`. */
  *feed(record: LogRecord): Generator<Transaction> {
    const { data, raw } = record;
    const view = viewOf(data);
    this.#bytes += data.length;
    for (let at = 0, left = raw.h_num_logops; left > 0 && at < data.length; left--) {
      if (at + OP.size > data.length) throw this.#bad(record, "an operation is cut off");
      const length = view.getUint32(at + OP.oh_len);
      const start = at + OP.size;
      if (start + length > data.length) throw this.#bad(record, `an operation of ${length} bytes leaves its record`);
      if (!CLIENTS.includes(view.getUint8(at + OP.oh_clientid))) throw this.#bad(record, "an operation is nobody's");
      const bytes = data.subarray(start, start + length);
      const done = this.#operation(record, view.getUint32(at), view.getUint8(at + OP.oh_flags), bytes);
      if (done) yield { lsn: done.lsn, offset: this.#log.offset(record.at), items: done.items };
      at = start + length;
    }
    if (this.#open.size === 0) this.#bytes = 0;
    if (this.#bytes > MAX_OPEN) throw this.#bad(record, `more than ${MAX_OPEN} bytes are not committed`);
  }

  /** The transaction where this commits it. */
  #operation(record: LogRecord, id: number, flags: number, bytes: Uint8Array): Open | null {
    const open = this.#open.get(id);
    if (!open) {
      // What began before the log's tail is in its place already.
      if (flags & OP_FLAG.start) this.#open.set(id, { lsn: record.lsn, items: [], header: 0 });
      return null;
    }
    const kind = flags & ~OP_FLAG.end;
    if (kind & OP_FLAG.wasContinued) this.#append(record, open, bytes);
    else if (kind === 0 || kind === OP_FLAG.continue) this.#add(record, open, bytes);
    else if (kind === OP_FLAG.commit || kind === OP_FLAG.unmount) this.#open.delete(id);
    else throw this.#bad(record, `an operation has the flags ${flags}`);
    return kind === OP_FLAG.commit ? open : null;
  }

  #add(record: LogRecord, open: Open, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (open.header < TRANS_HEADER_SIZE) {
      const magic = bytes.length < 4 ? 0 : viewOf(bytes).getUint32(0, true);
      const fits = open.header === 0 && magic === TRANS_MAGIC && bytes.length <= TRANS_HEADER_SIZE;
      if (!fits) throw this.#bad(record, "a transaction has no header");
      open.header = bytes.length;
      return;
    }
    const last = open.items.at(-1);
    if (last && last.regions.length < last.total) last.regions.push(bytes);
    else open.items.push(this.#item(record, bytes));
  }

  #item(record: LogRecord, description: Uint8Array): LogItem {
    const total = description.length < 4 ? 0 : viewOf(description).getUint16(2, true);
    if (total === 0) throw this.#bad(record, "an item has no size");
    return { regions: [description], total };
  }

  /** The rest of what the last record began. */
  #append(record: LogRecord, open: Open, bytes: Uint8Array): void {
    if (open.header < TRANS_HEADER_SIZE) {
      open.header += bytes.length;
      if (open.header > TRANS_HEADER_SIZE) throw this.#bad(record, "a transaction has no header");
      return;
    }
    const regions = open.items.at(-1)?.regions;
    const before = regions?.pop();
    if (!regions || !before) throw this.#bad(record, "an operation goes on with nothing");
    const whole = new Uint8Array(before.length + bytes.length);
    whole.set(before);
    whole.set(bytes, before.length);
    regions.push(whole);
  }

  #bad({ at }: LogRecord, what: string) {
    return this.#log.fault(at, what);
  }
}
