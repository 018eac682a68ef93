/**
 * POSIX access control lists in the kernel's form (`include/uapi/linux/posix_acl_xattr.h`, version 2) as the text of
 * acl(5) with numeric ids that pax archives carry (SCHILY.acl.*).
 */
const TAGS: Readonly<Record<number, string>> = {
  1: "user",
  2: "user",
  4: "group",
  8: "group",
  16: "mask",
  32: "other",
};
/** USER and GROUP: the tags that name somebody. */
const NAMED = [2, 8];

/** Bytes of the header and of one entry: u16 tag, u16 permissions, u32 id. */
const HEADER = 4;
const ENTRY = 8;

/** `user::rwx,user:1000:r--,...`; null where the bytes are none. */
export function aclText(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint32(0, true) !== 2 || (bytes.length - HEADER) % ENTRY !== 0) return null;
  const entries: string[] = [];
  for (let at = HEADER; at < bytes.length; at += ENTRY) {
    const tag = view.getUint16(at, true);
    const kind = TAGS[tag];
    if (kind === undefined) return null;
    const who = NAMED.includes(tag) ? String(view.getUint32(at + 4, true)) : "";
    entries.push(`${kind}:${who}:${permissions(view.getUint16(at + 2, true))}`);
  }
  return entries.join(",");
}

function permissions(bits: number): string {
  return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${bits & 1 ? "x" : "-"}`;
}
