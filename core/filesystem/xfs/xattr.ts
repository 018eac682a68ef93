import type { Eventual } from "../../kit/eventual.ts";
import { aclToXattr } from "./acl.ts";
import { attributesOf, hasAttributes } from "./attributes.ts";
import type { Inode } from "./inode.ts";
import { ATTR_FLAG } from "./layout.ts";
import type { Volume } from "./volume.ts";

/** Names that the file system keeps ACLs under, and what the kernel shows them as. */
const ACLS: Readonly<Record<string, string>> = {
  SGI_ACL_FILE: "system.posix_acl_access",
  SGI_ACL_DEFAULT: "system.posix_acl_default",
};
const NONE: ReadonlyMap<string, Uint8Array> = new Map();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Extended attributes as getxattr shows them; the kernel's own ones (parent pointers) are hidden, and ACLs stand under
 * their common name alone. Throws `E_XFS_XATTR`, `E_XFS_CHECKSUM`, `E_XFS_MISPLACED`.
 */
export function readXattrs(volume: Volume, inode: Inode): Eventual<ReadonlyMap<string, Uint8Array>> {
  return hasAttributes(inode) ? readAll(volume, inode) : NONE;
}

async function readAll(volume: Volume, inode: Inode): Promise<ReadonlyMap<string, Uint8Array>> {
  const found: [string, Uint8Array][] = [];
  const bad = (what: string, cause?: unknown) =>
    volume.fault("E_XFS_XATTR", {
      thing: `the extended attributes of inode ${inode.number}`,
      what,
      offset: inode.offset,
      cause,
    });
  for await (const { flags, name, value } of attributesOf(volume, inode)) {
    if (flags & ATTR_FLAG.parent) continue;
    const text = decode(name);
    if (text === null) throw bad("a name is no UTF-8");
    const acl = flags & ATTR_FLAG.root && Object.hasOwn(ACLS, text) ? ACLS[text] : undefined;
    const shown = acl === undefined ? value.slice() : aclToXattr(value);
    if (!shown) throw bad("an ACL is malformed");
    found.push([acl ?? prefix(flags) + text, shown]);
  }
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function prefix(flags: number): string {
  if (flags & ATTR_FLAG.root) return "trusted.";
  return flags & ATTR_FLAG.secure ? "security." : "user.";
}

function decode(name: Uint8Array): string | null {
  try {
    return strict.decode(name);
  } catch {
    return null;
  }
}
