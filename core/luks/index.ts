import { hasMagic } from "../kit/magic.ts";
import type { Codec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";
import type { Container } from "./container.ts";
import { damaged, unread } from "./fault.ts";
import { readHeader1 } from "./header1.ts";
import { readHeader2 } from "./header2.ts";
import { MAGIC, MAGIC_REENCRYPTING } from "./layout.ts";

export { sectorCipher } from "./cipher.ts";
export type { Container } from "./container.ts";
export { decipheredSource, type Placed, place } from "./device.ts";
export type { SectorCipher } from "./sectors.ts";
export { unlock } from "./unlock.ts";

/** Reads a container's header, whichever version. Throws `E_LUKS_*`. */
export async function readLuks(source: ByteSource, codec: Codec): Promise<Container> {
  const head = source.size < 8 ? new Uint8Array(8) : await source.read(0, 8);
  if (hasMagic(head, 0, MAGIC_REENCRYPTING)) {
    const help = "Finish it where it was begun, with the log that lies there: cryptsetup-reencrypt DEVICE";
    throw unread(source, 0, "it is being reencrypted", help);
  }
  const version = hasMagic(head, 0, MAGIC) ? (head[6] ?? 0) * 256 + (head[7] ?? 0) : 2;
  if (version === 1) return readHeader1(source);
  if (version === 2) return readHeader2(source, codec);
  throw damaged(source, "HEADER", 6, `its version is ${version}, and 1 and 2 are known`);
}
