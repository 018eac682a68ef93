import { hasMagic } from "../kit/magic.ts";
import type { ByteSource } from "../source/source.ts";
import { binaryHeader, HEADER_SIZES, MAGIC, MAGIC_2ND } from "./layout.ts";
import { checkUuid } from "./limits.ts";

/** What a header says of itself without being checked. */
export interface LuksLabel {
  readonly uuid: string;
  readonly label: string | null;
}

/** Of the header at the start, else of LUKS2's second one; null where there is none. Throws `E_LUKS_HEADER`. */
export async function luksLabel(source: ByteSource): Promise<LuksLabel | null> {
  for (const offset of (await isLostAtStart(source)) ? HEADER_SIZES : [0]) {
    if (!(await bears(source, offset))) continue;
    const head = await source.read(offset, binaryHeader.size);
    const { uuid, label, version } = binaryHeader.decode(head);
    checkUuid(source, offset + 168, uuid);
    return { uuid, label: version === 2 && label !== "" ? label : null };
  }
  return null;
}

/**
 * Whether the first header may have been written over: something else that begins there, a boot sector or an ext file
 * system, has taken its place for good.
 */
async function isLostAtStart(source: ByteSource): Promise<boolean> {
  if (source.size < binaryHeader.size) return false;
  const head = await source.read(0, binaryHeader.size);
  const taken = hasMagic(head, 510, "\x55\xaa") || hasMagic(head, 512, "EFI PART") || hasMagic(head, 1080, "\x53\xef");
  return !taken && !hasMagic(head, 0, MAGIC);
}

async function bears(source: ByteSource, offset: number): Promise<boolean> {
  if (offset + binaryHeader.size > source.size) return false;
  const magic = offset === 0 ? MAGIC : MAGIC_2ND;
  const head = await source.read(offset, 8);
  // The version stands behind the mark: 1 or 2 at the start, 2 in the second header.
  const version = (head[6] ?? 0) * 256 + (head[7] ?? 0);
  return hasMagic(head, 0, magic) && (version === 2 || (offset === 0 && version === 1));
}
