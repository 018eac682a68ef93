import { readdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { backingPath, backingReference, type HeadOptions, type ImageHead, readImageHead } from "./header.ts";
import { asFormat, parentOptions } from "./open-chain.ts";
import type { DiskFormat } from "./qemu.ts";

const DEEPEST = 64;
/** How many files of a folder are looked into for overlays. */
const MAX_SIBLINGS = 10_000;

/** Absolute paths of an image's parents, nearest first. A parent that cannot be followed is named as it is written. */
export async function backingChain(path: string, format: DiskFormat | null = null): Promise<readonly string[]> {
  const found: string[] = [];
  let next: { path: string; options: HeadOptions } | null = { path, options: { format } };
  while (next !== null && found.length < DEEPEST) {
    const at: string = next.path;
    const head: ImageHead | null = await readImageHead(at, next.options).catch(() => null);
    if (!head?.backing) break;
    const parent = backingReference(at, head);
    const isNew = parent !== null && !found.includes(parent.filename);
    found.push(parent?.filename ?? head.backing.name);
    next = isNew ? { path: parent.filename, options: parentOptions(parent.filename, asFormat(parent.format)) } : null;
  }
  return found;
}

/**
 * The overlays that lean on an image: those that are known by name, and those in its own folder. A name that leans on
 * it no more is left out.
 */
export async function findDependants(path: string, known: readonly string[]): Promise<readonly string[]> {
  const own = await canonical(path);
  const siblings = (await readdir(dirname(path), { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile() && !/^\..*\.guestkit-(partial-|redo$)/.test(entry.name))
    .slice(0, MAX_SIBLINGS)
    .map((entry) => join(dirname(path), entry.name));
  const found: string[] = [];
  for (const each of new Set([...known, ...siblings])) {
    if (each !== path && (await leansOn(each, own))) found.push(each);
  }
  return found.toSorted();
}

async function leansOn(path: string, base: string): Promise<boolean> {
  const head = await readImageHead(path).catch(() => null);
  const parent = head && backingPath(path, head);
  return parent !== null && (await canonical(parent)) === base;
}

function canonical(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
