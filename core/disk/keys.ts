import { ANY, isHeader, type Key, type Keys } from "../kit/keys.ts";
import type { ByteSource } from "../source/source.ts";
import { keyFile } from "./host.ts";
import { ourName } from "./names.ts";

/** Hands out the keys for an encrypted device or image. Closing it closes the headers. */
export interface KeyRing extends AsyncDisposable {
  /** In the order to be tried: by its `names`, an image's path among them, by its UUID, then those for any. Throws `E_KEY_FILE`. */
  candidates(names: readonly string[], uuid: string): Promise<readonly Uint8Array[]>;
  /** The header of the device with these names that was given apart from it; null without one. Throws `E_SOURCE_OPEN`. */
  header(names: readonly string[]): Promise<ByteSource | null>;
  /** Whether anything asked for one so far. */
  wereWanted(): boolean;
  /** Throws what went wrong while keys were fetched: that is the caller's affair, and no device's. */
  demand(): void;
}

/** Asks for the key of a device; null where there is no answer. */
export type AskKey = (device: string, uuid: string) => Promise<string | null>;

export interface KeyMeans {
  /** Is asked for what no key is given for. */
  readonly ask?: AskKey | undefined;
  /** Opens a file of the host that a header stands in. */
  readonly open: (path: string) => Promise<ByteSource>;
}

export function keyRing(keys: Keys = {}, { ask, open }: KeyMeans): KeyRing {
  const given = Object.entries(keys).map(([selector, each]) => {
    const openers = [each].flat();
    return {
      selector: normal(selector),
      keys: openers.filter((opener): opener is Key => !isHeader(opener)),
      header: openers.find(isHeader)?.header ?? null,
    };
  });
  const headers: ByteSource[] = [];
  const faults: unknown[] = [];
  let wanted = false;
  const fetch = async (names: readonly string[], uuid: string) => {
    const selectors = [...names.map(normal), uuid.toLowerCase(), ANY];
    const found = selectors.flatMap((name) => given.filter(({ selector }) => selector === name));
    const bytes = await Promise.all(found.flatMap((each) => each.keys.map(bytesOf)));
    if (bytes.length > 0 || !ask) return bytes;
    const answer = await ask(names[0] ?? uuid, uuid);
    return answer === null ? [] : [await bytesOf(answer)];
  };
  const noting = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      faults.push(error);
      throw error;
    }
  };
  return {
    candidates: (names, uuid) => {
      wanted = true;
      return noting(() => fetch(names, uuid));
    },
    header: async (names) => {
      const own = names.map(normal);
      const path = given.find(({ selector, header }) => header !== null && own.includes(selector))?.header;
      if (path == null) return null;
      const header = await noting(() => open(path));
      headers.push(header);
      return header;
    },
    wereWanted: () => wanted,
    demand: () => {
      if (faults.length > 0) throw faults[0];
    },
    [Symbol.asyncDispose]: async () => {
      for (const header of headers) await header[Symbol.asyncDispose]();
    },
  };
}

/** `sda2` and `/dev/vda2` are `/dev/sda2`; a UUID may be written in capitals. */
function normal(selector: string): string {
  if (selector.startsWith("/")) return ourName(selector);
  const plain = selector.replace(/^UUID=/i, "").toLowerCase();
  return /^[a-z]+\d*$/.test(plain) ? ourName(`/dev/${plain}`) : plain;
}

async function bytesOf(key: Key): Promise<Uint8Array> {
  if (typeof key === "string") return new TextEncoder().encode(key);
  return key instanceof Uint8Array ? key : await keyFile(key.file);
}
