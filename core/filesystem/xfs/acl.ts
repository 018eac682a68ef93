import { type AclEntry, encodeAcl } from "../acl.ts";
import { viewOf } from "./wide.ts";

/** Bytes of an xfs_acl_entry: u32 tag, u32 id, u16 permissions, padding; how many stands before them. */
const ENTRY = 12;

/** A POSIX ACL as xfs stores it, in the encoding that getxattr shows. Null where it is malformed. */
export function aclToXattr(stored: Uint8Array): Uint8Array | null {
  if (stored.length < 4) return null;
  const from = viewOf(stored);
  const count = from.getUint32(0);
  if (stored.length !== 4 + count * ENTRY) return null;
  const entries = Array.from({ length: count }, (_, index): AclEntry => {
    const at = 4 + index * ENTRY;
    return [from.getUint32(at), from.getUint16(at + 8), from.getUint32(at + 4)];
  });
  return encodeAcl(entries);
}
