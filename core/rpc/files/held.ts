import type { Offer } from "./offer.ts";

/**
 * Files that are open for one request, each once: who opens what is open already has the same, and the last one who closes
 * it closes it.
 */
export interface HeldOffers extends AsyncDisposable {
  readonly count: () => number;
  readonly find: (key: string) => Promise<Offer> | undefined;
  /** Each is to be closed, also one that failed. */
  readonly open: (key: string, make: () => Promise<Offer>) => Promise<Offer>;
  /** What is not open is passed over. */
  readonly close: (key: string) => Promise<void>;
}

interface Held {
  readonly offer: Promise<Offer>;
  users: number;
}

export function heldOffers(): HeldOffers {
  const held = new Map<string, Held>();
  const drop = async (key: string, { offer }: Held) => {
    held.delete(key);
    await (await offer.catch(() => null))?.[Symbol.asyncDispose]();
  };
  return {
    count: () => held.size,
    find: (key) => held.get(key)?.offer,
    open: (key, make) => {
      const found = held.get(key) ?? { offer: make(), users: 0 };
      held.set(key, found);
      found.users++;
      return found.offer;
    },
    close: async (key) => {
      const found = held.get(key);
      if (found && --found.users === 0) await drop(key, found);
    },
    [Symbol.asyncDispose]: async () => {
      for (const [key, each] of [...held]) await drop(key, each);
    },
  };
}
