/** `e_tag` of entries that name a user or group (include/uapi/linux/posix_acl.h). */
const ACL_USER = 0x2;
const ACL_GROUP = 0x8;
const UNDEFINED_ID = 0xffffffff;

/** Tag, permissions, id; the id means something only where {@link isNamed}. */
export type AclEntry = readonly [number, number, number];

/** Whether an entry is of a user or group of its own. */
export function isNamed(tag: number): boolean {
  return tag === ACL_USER || tag === ACL_GROUP;
}

/**
 * A POSIX ACL in the encoding that getxattr shows (version 2, include/uapi/linux/posix_acl_xattr.h): u16 tag, u16
 * permissions, u32 id each.
 */
export function encodeAcl(entries: readonly AclEntry[]): Uint8Array {
  const result = new Uint8Array(4 + entries.length * 8);
  const to = new DataView(result.buffer);
  to.setUint32(0, 2, true);
  for (const [index, [tag, permissions, id]] of entries.entries()) {
    to.setUint16(4 + index * 8, tag, true);
    to.setUint16(6 + index * 8, permissions, true);
    to.setUint32(8 + index * 8, isNamed(tag) ? id : UNDEFINED_ID, true);
  }
  return result;
}
