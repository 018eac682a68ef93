import { type AclEntry, encodeAcl, isNamed } from "../acl.ts";

/**
 * A POSIX ACL as ext4 stores it (version 1, ids only where they mean something) in the encoding that getxattr shows
 * (version 2, include/uapi/linux/posix_acl_xattr.h): u16 tag, u16 permissions, u32 id. Null where it is malformed.
 */
export function aclToXattr(stored: Uint8Array): Uint8Array | null {
  const from = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  if (stored.length < 4 || from.getUint32(0, true) !== 1) return null;
  const entries: AclEntry[] = [];
  for (let at = 4; at < stored.length; ) {
    if (at + 4 > stored.length) return null;
    const tag = from.getUint16(at, true);
    const named = isNamed(tag);
    if (named && at + 8 > stored.length) return null;
    entries.push([tag, from.getUint16(at + 2, true), named ? from.getUint32(at + 4, true) : 0]);
    at += named ? 8 : 4;
  }
  return encodeAcl(entries);
}
