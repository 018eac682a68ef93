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

/** What takes a first header's place for good: a boot sector, a GPT, ext, XFS, swap, LVM. The second one is a leftover then. */
const OTHERS = [
  [510, "\x55\xaa"],
  [512, "EFI PART"],
  [1080, "\x53\xef"],
  [0, "XFSB"],
  [4086, "SWAPSPACE2"],
  [512, "LABELONE"],
] as const;

const JSON_AREA = 4096;

/** Whether a first header stood there and was lost: wiped, or with its JSON still behind it. */
async function isLostAtStart(source: ByteSource): Promise<boolean> {
  if (source.size < 2 * binaryHeader.size) return false;
  const head = await source.read(0, JSON_AREA + 2);
  if (hasMagic(head, 0, MAGIC) || OTHERS.some(([at, magic]) => hasMagic(head, at, magic))) return false;
  return hasMagic(head, JSON_AREA, '{"') || head.every((byte) => byte === 0);
}

async function bears(source: ByteSource, offset: number): Promise<boolean> {
  if (offset + binaryHeader.size > source.size) return false;
  const magic = offset === 0 ? MAGIC : MAGIC_2ND;
  const head = await source.read(offset, 8);
  // The version stands behind the mark: 1 or 2 at the start, 2 in the second header.
  const version = (head[6] ?? 0) * 256 + (head[7] ?? 0);
  return hasMagic(head, 0, magic) && (version === 2 || (offset === 0 && version === 1));
}
