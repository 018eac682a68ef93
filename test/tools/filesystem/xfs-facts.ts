import type { FileSystem } from "../../../core/filesystem/filesystem.ts";
import { xfs } from "../../../core/filesystem/xfs/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import type { Facts } from "../../support/compare-tree.ts";

/** Runs `use` with the xfs of an image opened by guestkit. */
export async function withFileSystem<T>(file: string, use: (fs: FileSystem) => Promise<T>): Promise<T> {
  await using source = await openFileSource(file);
  await using fs = await xfs.open(source);
  return await use(fs);
}

/** To root the kernel shows ACLs twice: under their common name and as they are stored. */
export function withoutStoredAcls(facts: Facts): Facts {
  const strip = (xattrs: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(xattrs).filter(([name]) => !name.startsWith("trusted.SGI_ACL_")));
  return new Map([...facts].map(([path, each]) => [path, { ...each, xattrs: strip(each.xattrs) }]));
}
