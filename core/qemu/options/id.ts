import { createHash } from "node:crypto";

/** A block node's name ends at 31 characters, and this leaves room for what comes before and after a key. */
const LONGEST = 20;

/**
 * A key of the declaration as part of QEMU's ids, of node names and of file names: as it is where that is possible, else
 * a digest, so that it can neither leave a folder nor be refused.
 */
export function safeKey(key: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(key) && key.length <= LONGEST) return key;
  return `x${createHash("sha256").update(key).digest("hex").slice(0, 12)}`;
}

/** What a thing of the declaration is called in QEMU. The same name is used for a device, its node and its backend. */
export const diskId = (key: string): string => `disk-${safeKey(key)}`;
export const cdromId = (key: string): string => `cd-${safeKey(key)}`;
export const networkId = (key: string): string => `net-${safeKey(key)}`;
export const shareId = (key: string): string => `share-${safeKey(key)}`;
