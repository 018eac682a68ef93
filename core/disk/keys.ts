import type { Key, Keys } from "../kit/keys.ts";
import { keyFile } from "./host.ts";
import { ourName } from "./names.ts";

/** Hands out the keys for an encrypted device or image. */
export interface KeyRing {
  /** In the order to be tried: by its `names`, an image's path among them, by its UUID, then those for any. Throws `E_KEY_FILE`. */
  candidates(names: readonly string[], uuid: string): Promise<readonly Uint8Array[]>;
  /** Whether anything asked for one so far. */
  wereWanted(): boolean;
  /** Throws what went wrong while keys were fetched: that is the caller's affair, and no device's. */
  demand(): void;
}

/** Asks for the key of a device; null where there is no answer. */
export type AskKey = (device: string, uuid: string) => Promise<string | null>;

const ANY = "*";

/** Asks, where it can, for what no key is given for. */
export function keyRing(keys: Keys = {}, ask?: AskKey): KeyRing {
  const given = Object.entries(keys).map(([selector, key]) => ({ selector: normal(selector), keys: [key].flat() }));
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
  return {
    candidates: async (names, uuid) => {
      wanted = true;
      try {
        return await fetch(names, uuid);
      } catch (error) {
        faults.push(error);
        throw error;
      }
    },
    wereWanted: () => wanted,
    demand: () => {
      if (faults.length > 0) throw faults[0];
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
