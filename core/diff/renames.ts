import type { WalkEntry } from "../archive/index.ts";
import { isSame } from "./content.ts";
import { both } from "./unread.ts";
import type { Work } from "./work.ts";

/** Smaller files are too often alike. */
const SMALLEST = 1024;
/** Files that came or went and are kept until the end; of more none is looked at, so that memory stays bounded. */
const MOST = 20_000;
/** Files of one size that one is held against. */
const TRIES = 16;

/** What came and what went: null for the other one. */
export interface Settled {
  readonly was: WalkEntry | null;
  readonly is: WalkEntry | null;
}

/** Pairs files that went with files that came, where their content is the same. */
export class Renames {
  readonly #gone: WalkEntry[] = [];
  readonly #came: WalkEntry[] = [];

  /** Whether it is kept, to be told at the end. */
  takes(entry: WalkEntry, isNew: boolean): boolean {
    const { type, size } = entry.stat;
    if (type !== "file" || size < SMALLEST || this.#gone.length + this.#came.length >= MOST) return false;
    (isNew ? this.#came : this.#gone).push(entry);
    return true;
  }

  /** All that was kept, each once, in the order of their paths. */
  async *settle(work: Work): AsyncGenerator<Settled> {
    const bySize = Map.groupBy(this.#gone, ({ stat }) => stat.size);
    const taken = new Set<WalkEntry>();
    for (const is of this.#came) {
      const was = await this.#origin(is, bySize.get(is.stat.size) ?? [], work);
      if (was) taken.add(was);
      yield { was, is };
    }
    for (const was of this.#gone) if (!taken.has(was)) yield { was, is: null };
  }

  /** The first of these with the same content, which is none of them any more; what cannot be read has that of none. */
  async #origin(is: WalkEntry, candidates: WalkEntry[], work: Work): Promise<WalkEntry | null> {
    for (const [at, was] of candidates.slice(0, TRIES).entries()) {
      const { values } = await both(
        () => was.node.fs.open(was.node.inode),
        () => is.node.fs.open(is.node.inode),
      );
      if (!values || (await isSame(...values, work, is.path)) !== true) continue;
      candidates.splice(at, 1);
      return was;
    }
    return null;
  }
}
