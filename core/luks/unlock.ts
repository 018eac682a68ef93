import { GuestkitError } from "../kit/errors.ts";
import type { Ciphers } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";
import { sectorCipher } from "./cipher.ts";
import type { Container, Digest, KeySlot } from "./container.ts";
import { Deriver } from "./derive.ts";
import { damaged } from "./fault.ts";
import { SECTOR } from "./layout.ts";
import { mergeKey } from "./split.ts";

/** A container whose key is wanted, and what it is called where keys are given. */
export interface Locked {
  /** Holds the header and the key slots. */
  readonly header: ByteSource;
  readonly container: Container;
  /** `/dev/sda2`, or an image's path. */
  readonly device: string;
}

/**
 * The volume key by the first of `keys` that opens a slot. Throws `E_LUKS_KEY` where none does and `E_LUKS_KEY_MISSING`
 * where none is given; a slot that cannot be tried is passed over, and its reason thrown where no other was tried.
 */
export async function unlock(locked: Locked, keys: readonly Uint8Array[], ciphers: Ciphers): Promise<Uint8Array> {
  const { container, header } = locked;
  if (keys.length === 0) throw keyMissing(locked);
  if (container.slots.length === 0) throw damaged(header, "SLOT", 0, "no key slot holds the key of the data");
  const deriver = new Deriver(header, ciphers);
  const passed = new Map<number, GuestkitError>();
  for (const key of keys) {
    for (const slot of container.slots) {
      const found = passed.has(slot.id) ? null : await attempt(locked, slot, key, { deriver, ciphers, passed });
      if (found) return found;
    }
  }
  throw refused(locked, keys.length, passed);
}

interface Means {
  readonly deriver: Deriver;
  readonly ciphers: Ciphers;
  /** Slots that cannot be tried. */
  readonly passed: Map<number, GuestkitError>;
}

async function attempt(locked: Locked, slot: KeySlot, key: Uint8Array, means: Means): Promise<Uint8Array | null> {
  try {
    const candidate = await keyOf(locked, slot, key, means);
    if (await isKey(candidate, locked.container.digest, means.deriver)) return candidate;
    candidate.fill(0);
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    means.passed.set(slot.id, error);
  }
  return null;
}

/** What the slot holds where `key` is right, else noise. What was between is wiped. */
async function keyOf(
  { header }: Locked,
  { id, area, kdf, keyBytes, split }: KeySlot,
  key: Uint8Array,
  { deriver, ciphers }: Means,
): Promise<Uint8Array> {
  const size = Math.ceil(area.size / SECTOR) * SECTOR;
  if (area.offset + size > header.size) {
    throw damaged(header, "SLOT", area.offset, `key slot ${id} ends past the device's end (${header.size})`);
  }
  const hash = deriver.hash(split.hash);
  const derived = await deriver.derive(kdf, key, area.keyBytes, `key slot ${id}`);
  const cipher = sectorCipher(header, ciphers, area.encryption, derived, SECTOR);
  const material = new Uint8Array(size);
  cipher.decrypt(await header.read(area.offset, size), 0, material);
  const candidate = mergeKey(material, keyBytes, split.stripes, hash);
  derived.fill(0);
  material.fill(0);
  return candidate;
}

async function isKey(key: Uint8Array, { value, ...kdf }: Digest, deriver: Deriver): Promise<boolean> {
  const sum = await deriver.derive({ type: "pbkdf2", ...kdf }, key, value.length, "the key's digest");
  return sum.every((byte, at) => byte === value[at]);
}

const named = ({ device, container }: Locked): string =>
  `Cannot open ${device}: it is encrypted (LUKS${container.version}, ${container.uuid})`;

const giveKey = ({ container: { uuid } }: Locked): string =>
  `Give its key: --key ${uuid}:file:PATH or --key ${uuid}:env:NAME (its device or * in place of the UUID), or keys in a declaration.`;

function keyMissing(locked: Locked): GuestkitError {
  return new GuestkitError("E_LUKS_KEY_MISSING", `${named(locked)}, and no key was given for it`, {
    at: { file: locked.header.name, offset: 0 },
    help: giveKey(locked),
  });
}

function refused(locked: Locked, count: number, passed: ReadonlyMap<number, GuestkitError>): GuestkitError {
  const tried = locked.container.slots.filter(({ id }) => !passed.has(id)).map(({ id }) => id);
  const [first] = passed.values();
  if (tried.length === 0 && first) return first;
  const others = [...passed].map(([id, { message }]) => `; slot ${id} was not tried: ${message}`).join("");
  return new GuestkitError("E_LUKS_KEY", `${named(locked)}, and ${failure(count, tried)}${others}`, {
    at: { file: locked.header.name, offset: 0 },
    help: giveKey(locked),
  });
}

function failure(keys: number, slots: readonly number[]): string {
  const list = slots.join(", ");
  if (keys === 1 && slots.length === 1) return `the key that was given does not open key slot ${list}`;
  if (keys === 1) return `the key that was given opens none of key slots ${list}`;
  return `none of the ${keys} keys that were given opens ${slots.length === 1 ? "key slot" : "any of key slots"} ${list}`;
}
