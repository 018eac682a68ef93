import type { ByteSource } from "../source/source.ts";
import type { Container, KeySlot } from "./container.ts";
import { damaged, type Named } from "./fault.ts";
import { Active, KEY_SLOTS, keySlot, phdr, SECTOR } from "./layout.ts";
import { checkKeyBytes, checkName, checkStripes, checkUuid } from "./limits.ts";

type Header = ReturnType<typeof phdr.decode>;

/** LUKS1: one header, eight slots. Throws `E_LUKS_HEADER`, `E_LUKS_SLOT`. */
export async function readHeader1(source: ByteSource): Promise<Container> {
  if (source.size < phdr.size) throw damaged(source, "HEADER", 0, "it ends within its header");
  const raw = new Uint8Array(await source.read(0, phdr.size));
  const header = phdr.decode(raw);
  checkUuid(source, 168, header.uuid);
  checkName(source, 8, header.cipherName);
  checkName(source, 40, header.cipherMode);
  checkName(source, 72, header.hashSpec);
  checkKeyBytes(source, 108, header.keyBytes);
  const { hashSpec: hash, mkDigestIterations: iterations, mkDigestSalt: salt, mkDigest: value } = header;
  const encryption = `${header.cipherName}-${header.cipherMode}`;
  const data = { offset: header.payloadOffset * SECTOR, size: null, firstSector: 0, sectorSize: SECTOR };
  return {
    ...{ version: 1, uuid: header.uuid, label: null, warnings: [], headerBytes: phdr.size },
    slots: Array.from({ length: KEY_SLOTS.count }, (_, id) => slotOf(source, raw, header, id)).filter(
      (slot) => slot !== null,
    ),
    digest: { hash, iterations, salt, value },
    segments: [{ ...data, encryption }],
  };
}

/** Null where the slot is empty. */
function slotOf(source: Named, raw: Uint8Array, header: Header, id: number): KeySlot | null {
  const at = KEY_SLOTS.offset + id * keySlot.size;
  const { active, iterations, salt, keyMaterialOffset, stripes } = keySlot.decode(raw, at);
  if (active === Active.disabled) return null;
  if (active !== Active.enabled) throw damaged(source, "SLOT", at, `key slot ${id} is neither in use nor empty`);
  checkStripes(source, at + 44, stripes);
  const { keyBytes, hashSpec: hash, cipherName, cipherMode } = header;
  const [offset, size] = [keyMaterialOffset * SECTOR, keyBytes * stripes];
  return {
    ...{ id, priority: 1, keyBytes },
    kdf: { type: "pbkdf2", hash, iterations, salt },
    area: { offset, size, encryption: `${cipherName}-${cipherMode}`, keyBytes },
    split: { stripes, hash },
  };
}
