import { type Change, diffDisks } from "../../../core/diff/index.ts";
import { type Disk, open } from "../../../core/inspect/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { type KnownTree, knowTree } from "./known-tree.ts";

/**
 * What a comparison of two images may never do, whatever was done to one of them: end with an error of ours, pass for equal
 * what differs or was not read, tell what is none. Each path is held against what reading it by itself says.
 */
export async function diffFaults(before: Uint8Array, after: Uint8Array): Promise<readonly string[]> {
  const [old, now] = [await opened(before), await opened(after)];
  try {
    if (!old || !now) return [];
    const changes = await Array.fromAsync(diffDisks(old, now));
    const inner = changes.filter((each) => JSON.stringify(each.fields).includes("E_INTERNAL"));
    return [...inner.map((each) => `diff: ${JSON.stringify(each)}`), ...(await lies(old, now, changes))];
  } catch (error) {
    return [`diff: ${error instanceof Error ? error.stack : error}`];
  } finally {
    for (const disk of [old, now]) await disk?.[Symbol.asyncDispose]();
  }
}

async function opened(bytes: Uint8Array): Promise<Disk | null> {
  try {
    return await open(memorySource(bytes, "image"), { format: "raw" });
  } catch (error) {
    if (error instanceof GuestkitError) return null;
    throw error;
  }
}

async function lies(before: Disk, after: Disk, changes: readonly Change[]): Promise<readonly string[]> {
  const [was, is] = [await known(before), await known(after)];
  if (!was || !is)
    return changes.length > 0 ? [] : ["diff: one of two file systems cannot be read, and nothing is told"];
  if (was.isOdd || is.isOdd) return [];
  const told = toldOf(changes.filter(({ group }) => group === "files"));
  const paths = [...new Set([...was.files.keys(), ...is.files.keys(), ...was.closed, ...is.closed])];
  return paths.flatMap((path) => {
    const fault = told.hides(path) ? null : faultOf(path, was, is, told.at(path));
    return fault === null ? [] : [`diff: ${JSON.stringify(path)} ${fault}: ${JSON.stringify(told.at(path))}`];
  });
}

async function known(disk: Disk): Promise<KnownTree | null> {
  try {
    return await knowTree(await disk.tree());
  } catch {
    return null;
  }
}

function toldOf(changes: readonly Change[]) {
  const kinds = new Map<string, string[]>();
  const add = (path: string, kind: string) => kinds.set(path, [...(kinds.get(path) ?? []), kind]);
  for (const { change, name, from } of changes) {
    add(name, change);
    if (from !== null) add(from, "removed");
  }
  const isUnread = (path: string) => kinds.get(path)?.includes("unread") ?? false;
  return {
    at: (path: string): readonly string[] => kinds.get(path) ?? [],
    /** A folder above it could not be read. */
    hides: (path: string): boolean =>
      path !== "/" &&
      (isUnread("/") || [...path.matchAll(/\//g)].some(({ index }) => index > 0 && isUnread(path.slice(0, index)))),
  };
}

function faultOf(path: string, was: KnownTree, is: KnownTree, told: readonly string[]): string | null {
  const [old, now] = [was.files.get(path), is.files.get(path)];
  if (old === undefined || now === undefined)
    return told.some((kind) => /added|removed|renamed/.test(kind)) ? null : "is in one alone, and is not told";
  const isLost = old === null || now === null || was.closed.has(path) || is.closed.has(path);
  // What is known to differ is told as that, before the rest of it was read.
  if (isLost) return told.length > 0 ? null : "cannot be read, and is not told";
  if (old !== now) return told.includes("modified") ? null : "differs, and is not told";
  return told.length === 0 ? null : "is the same, and is told";
}
