import type { Recognised } from "../filesystem.ts";
import { INFO_OFFSET, MAGIC_SIZE, PAGE_SIZES, swapInfo } from "./layout.ts";

/** Names by magic, as libblkid does: a hibernated system's image takes the place of the first two. */
const TYPES: Readonly<Record<string, string>> = {
  SWAPSPACE2: "swap",
  "SWAP-SPACE": "swap",
  "S1SUSPEND\0": "swsuspend",
  "S2SUSPEND\0": "swsuspend",
  "ULSUSPEND\0": "swsuspend",
};

/** Swap space from its first 64 KiB, or null. */
export function recogniseSwap(head: Uint8Array): Recognised | null {
  for (const pageSize of PAGE_SIZES) {
    const magic = ascii(head.subarray(pageSize - MAGIC_SIZE, pageSize));
    const type = Object.hasOwn(TYPES, magic) ? TYPES[magic] : undefined;
    if (type) return magic === "SWAP-SPACE" ? plain(type) : decode(head, type, pageSize);
  }
  return null;
}

function decode(head: Uint8Array, type: string, pageSize: number): Recognised {
  const little = swapInfo.little.decode(head, INFO_OFFSET);
  const info = little.version === 1 ? little : swapInfo.big.decode(head, INFO_OFFSET);
  if (info.version !== 1) return plain(type);
  const named = info.rawUuid.some((byte) => byte !== 0);
  return { type, uuid: named ? info.uuid : null, label: info.label || null, size: (info.lastPage + 1) * pageSize };
}

/** Version 0 says nothing of itself. */
function plain(type: string): Recognised {
  return { type, uuid: null, label: null, size: null };
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
