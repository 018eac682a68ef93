import { hasMagic } from "../kit/magic.ts";
import type { ByteSource } from "../source/source.ts";
import { damaged } from "./fault.ts";
import { binaryHeader, HEADER_SIZES, MAGIC, MAGIC_2ND, MAGIC_REENCRYPTING } from "./layout.ts";
import { isUuid } from "./limits.ts";

/** What a header says of itself without being checked. */
export interface LuksLabel {
  readonly uuid: string;
  readonly label: string | null;
}

/** Of the header at the start, else of LUKS2's second one; null where there is none. Throws `E_LUKS_HEADER`. */
export async function luksLabel(source: ByteSource): Promise<LuksLabel | null> {
  const isAtStart = await bears(source, 0);
  if (!isAtStart && !(await isLostAtStart(source))) return null;
  for (const offset of isAtStart ? [0, ...HEADER_SIZES] : HEADER_SIZES) {
    const found = (await bears(source, offset)) ? await labelAt(source, offset) : null;
    if (found) return found;
  }
  if (isAtStart) throw damaged(source, "HEADER", 168, "it has no UUID");
  return null;
}

/** Null where that header is damaged in its UUID. */
async function labelAt(source: ByteSource, offset: number): Promise<LuksLabel | null> {
  const head = await source.read(offset, binaryHeader.size);
  const { uuid, label, version } = binaryHeader.decode(head);
  return isUuid(uuid) ? { uuid, label: version === 2 && label !== "" ? label : null } : null;
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
  if (OTHERS.some(([at, magic]) => hasMagic(head, at, magic))) return false;
  return hasMagic(head, JSON_AREA, '{"') || head.every((byte) => byte === 0);
}

async function bears(source: ByteSource, offset: number): Promise<boolean> {
  if (offset + binaryHeader.size > source.size) return false;
  const magics = offset === 0 ? [MAGIC, MAGIC_REENCRYPTING] : [MAGIC_2ND];
  const head = await source.read(offset, 8);
  // The version stands behind the mark: 1 or 2 at the start, 2 in the second header.
  const version = (head[6] ?? 0) * 256 + (head[7] ?? 0);
  return magics.some((magic) => hasMagic(head, 0, magic)) && (version === 2 || (offset === 0 && version === 1));
}
