import { readdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { backingPath, type ImageHead, readImageHead } from "./header.ts";

const MAX_DEPTH = 64;
/** How many files of a folder are looked into for overlays. */
const MAX_SIBLINGS = 10_000;

/** Absolute paths of an image's parents, nearest first. A parent that cannot be followed is named as it is written. */
export async function backingChain(path: string): Promise<readonly string[]> {
  const chain: string[] = [];
  for (let at: string | null = path; at !== null && chain.length < MAX_DEPTH; ) {
    const head: ImageHead | null = await readImageHead(at).catch(() => null);
    if (!head?.backing) break;
    const parent: string | null = backingPath(at, head);
    chain.push(parent ?? head.backing.name);
    at = parent !== null && chain.indexOf(parent) === chain.length - 1 ? parent : null;
  }
  return chain;
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
