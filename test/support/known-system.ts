import type { FileSystem } from "../../core/filesystem/filesystem.ts";
import type { Tree } from "../../core/filesystem/tree.ts";
import { readUsers } from "../../core/guest/accounts.ts";
import type { Known, KnownDevice } from "../../core/guest/facts/index.ts";
import { readUnits } from "../../core/guest/units.ts";
import { unpack } from "../../core/host/unpack.ts";
import { nodeHost } from "../../core/source/node.ts";

/** What an inspection knows of a system before its groups of facts are read, and the warnings that they gave. */
export async function knownSystem(
  tree: Tree,
  own: readonly KnownDevice[] = [],
  bootPartitions: readonly FileSystem[] = [],
): Promise<Known & { readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const devices = { own, find: (spec: string) => own.find(({ device }) => device === spec) ?? null };
  return {
    tree,
    devices,
    users: await readUsers(tree),
    units: await readUnits(tree),
    codec: nodeHost,
    unpack,
    bootPartitions,
    warn,
    warnings,
  };
}
