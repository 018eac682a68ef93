interface Node {
  readonly needs: Iterable<string>;
  /** Waited for as well, however they end. */
  readonly after?: Iterable<string>;
}
type Graph = ReadonlyMap<string, Node>;

/** A loop of addresses, its first at the end again; null where there is none. */
export function findCycle(graph: Graph): readonly string[] | null {
  const done = new Set<string>();
  for (const start of graph.keys()) {
    const cycle = follow(graph, start, [], done);
    if (cycle) return cycle;
  }
  return null;
}

function follow(graph: Graph, address: string, trail: readonly string[], done: Set<string>): readonly string[] | null {
  if (trail.includes(address)) return [...trail.slice(trail.indexOf(address)), address];
  if (done.has(address)) return null;
  for (const next of graph.get(address)?.needs ?? []) {
    const cycle = follow(graph, next, [...trail, address], done);
    if (cycle) return cycle;
  }
  done.add(address);
  return null;
}

/** How many things are worked on at a time. */
const PARALLEL = 10;
/** How many are only looked at: they share what is looked at for all of them. */
export const LOOKED_AT = 32;

/**
 * Runs `work` for every node after all that it needs, independent ones side by side. A node whose needs failed is left
 * out; the others go on. `most` are worked on at a time. Gives what was thrown, by address.
 */
export async function runGraph(
  graph: Graph,
  work: (address: string) => Promise<void>,
  signal?: AbortSignal,
  most = PARALLEL,
): Promise<ReadonlyMap<string, unknown>> {
  const slots = new Slots(most);
  const failures = new Map<string, unknown>();
  const running = new Map<string, Promise<boolean>>();
  const start = (address: string): Promise<boolean> => {
    const known = running.get(address);
    if (known) return known;
    const fresh = step(address);
    running.set(address, fresh);
    return fresh;
  };
  const step = async (address: string): Promise<boolean> => {
    const { needs = [], after = [] } = graph.get(address) ?? {};
    const startAll = (all: Iterable<string>) => Promise.all([...all].filter((each) => graph.has(each)).map(start));
    const [ready] = await Promise.all([startAll(needs), startAll(after)]);
    if (ready.includes(false)) return false;
    return slots.use(async () => {
      try {
        signal?.throwIfAborted();
        await work(address);
        return true;
      } catch (error) {
        failures.set(address, error);
        return false;
      }
    });
  };
  await Promise.all([...graph.keys()].map(start));
  return failures;
}

/** Lets `count` in at a time. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
