const ACL_USER = 0x2;
const ACL_GROUP = 0x8;
const UNDEFINED_ID = 0xffffffff;

/**
 * A POSIX ACL as ext4 stores it (version 1, ids only where they mean something) in the encoding that getxattr shows
 * (version 2, include/uapi/linux/posix_acl_xattr.h): u16 tag, u16 permissions, u32 id. Null where it is malformed.
 */
export function aclToXattr(stored: Uint8Array): Uint8Array | null {
  const from = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  if (stored.length < 4 || from.getUint32(0, true) !== 1) return null;
  const entries: (readonly [number, number, number])[] = [];
  for (let at = 4; at < stored.length; ) {
    if (at + 4 > stored.length) return null;
    const tag = from.getUint16(at, true);
    const named = tag === ACL_USER || tag === ACL_GROUP;
    if (named && at + 8 > stored.length) return null;
    entries.push([tag, from.getUint16(at + 2, true), named ? from.getUint32(at + 4, true) : UNDEFINED_ID]);
    at += named ? 8 : 4;
  }
  return encode(entries);
}

function encode(entries: readonly (readonly [number, number, number])[]): Uint8Array {
  const result = new Uint8Array(4 + entries.length * 8);
  const to = new DataView(result.buffer);
  to.setUint32(0, 2, true);
  for (const [index, [tag, permissions, id]] of entries.entries()) {
    to.setUint16(4 + index * 8, tag, true);
    to.setUint16(6 + index * 8, permissions, true);
    to.setUint32(8 + index * 8, id, true);
  }
  return result;
}
