import { realpath } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { imageRecord } from "./image-record.ts";
import { resolveSettings } from "./settings.ts";

/** An image and the files that its header names: its parent, its data file. Absolute paths. */
export interface Naming {
  readonly image: string;
  readonly files: readonly string[];
}

/** A file of the host that an image names, and nobody but its header vouches for. */
export interface Stranger {
  readonly image: string;
  readonly file: string;
}

/**
 * Of the files that images name, step by step: those outside the naming image's own folder (links resolved) that no record
 * of ours names. What lies in a machine's own folder was made by guestkit. `dataDir` is that of the settings.
 */
export async function strangersOf(
  chain: readonly Naming[],
  dataDir = resolveSettings().dataDir,
): Promise<readonly Stranger[]> {
  const vouched = new Set<string>();
  const found: Stranger[] = [];
  for (const { image, files } of chain) {
    const outside = await outsideOf(image, files);
    if (outside.length === 0 || (await isWithin(image, join(dataDir, "machines")))) continue;
    const names = (await imageRecord(image).catch(() => null))?.names ?? [];
    for (const name of await Promise.all(names.map(real))) vouched.add(name);
    for (const { file, is } of outside) if (!vouched.has(is)) found.push({ image, file });
  }
  return found;
}

async function outsideOf(image: string, files: readonly string[]): Promise<readonly { file: string; is: string }[]> {
  if (files.length === 0) return [];
  const folder = dirname(await real(image));
  const all = await Promise.all(files.map(async (file) => ({ file, is: await real(file) })));
  return all.filter(({ is }) => !is.startsWith(folder.endsWith(sep) ? folder : folder + sep));
}

async function isWithin(path: string, folder: string): Promise<boolean> {
  return (await real(path)).startsWith((await real(folder)) + sep);
}

const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

/** What is told of one. */
export const strangerNote = ({ image, file }: Stranger): string =>
  `"${image}" names a file of this host outside its own folder, and guestkit did not make it so: "${file}"`;
