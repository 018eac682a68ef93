import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { ISO_LIMIT, type IsoFile, makeIso } from "../build/iso9660/image.ts";
import { openFileSystem } from "../filesystem/index.ts";
import { Tree } from "../filesystem/tree.ts";
import { stageBeside } from "../host/file-lock.ts";
import { makeFolder } from "../host/folder.ts";
import { type Partial, sweepPartials } from "../host/partial.ts";
import { openNamedFile, openPlainFile, readBounded } from "../host/plain-file.ts";
import { writeAll } from "../host/write-file.ts";
import { Budget } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import { memorySource } from "../source/memory.ts";
import type { SeedFiles } from "./render.ts";

/** By which cloud-init knows its medium. */
export const SEED_LABEL = "cidata";
export const SEED_DOCUMENTS = ["user-data", "meta-data", "network-config", "vendor-data"] as const;

/** The medium as bytes: the same for the same documents on every host. */
export function seedImage(files: SeedFiles): Uint8Array {
  const encoder = new TextEncoder();
  const present = SEED_DOCUMENTS.flatMap((name): IsoFile[] => {
    const text = files[name];
    return text === undefined ? [] : [{ name, content: encoder.encode(text) }];
  });
  return makeIso(SEED_LABEL, present);
}

/**
 * Writes the medium for its owner alone, beside its place and renamed, and not at all where the same bytes stand there.
 * Answers whether it wrote. `publish` gives it its name.
 */
export async function writeSeed(
  path: string,
  files: SeedFiles,
  publish: (partial: Partial) => Promise<void> = (partial) => partial.publish(),
): Promise<boolean> {
  const image = seedImage(files);
  if (await stands(path, image)) return false;
  await makeFolder(dirname(path));
  await sweepPartials(path);
  await using partial = await stageBeside(path, "seed");
  await writePrivately(partial.path, image);
  await publish(partial);
  return true;
}

/** To a file that may be there and empty. */
async function writePrivately(path: string, bytes: Uint8Array): Promise<void> {
  const { O_WRONLY, O_CREAT, O_NOFOLLOW } = constants;
  await using file = await open(path, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600);
  await file.chmod(0o600);
  await writeAll(file, path, bytes);
}

/** Whether these very bytes are there already, in a file of this user's own: it is closed to others then. */
async function stands(path: string, image: Uint8Array): Promise<boolean> {
  await using file = await openPlainFile(path).catch(() => null);
  if (!file) return false;
  const { uid, size } = await file.stat();
  if (uid !== process.getuid?.() || size !== image.length) return false;
  if (Buffer.compare(await file.readFile(), image) !== 0) return false;
  await file.chmod(0o600);
  return true;
}

/** The documents of a medium; those that it lacks are left out. Throws `E_SEED_UNREADABLE`. */
export async function readSeed(path: string): Promise<globalThis.Partial<SeedFiles>> {
  await using file = await openNamedFile(path);
  if (!file) throw unreadable(path, "there is no such file");
  const bytes = await readBounded(file, path, 2 * ISO_LIMIT, (_, most) =>
    unreadable(path, `it has more than ${most} bytes`),
  );
  const fs = await openFileSystem(memorySource(bytes, path));
  if (!fs || fs.label?.toLowerCase() !== SEED_LABEL) throw unreadable(path, `it is no medium labelled ${SEED_LABEL}`);
  const tree = await Tree.assemble([{ target: "/", fs }], new Budget());
  const found: Record<string, string> = {};
  for (const name of SEED_DOCUMENTS) {
    const content = await tree.readFile(`/${name}`, ISO_LIMIT);
    if (content) found[name] = new TextDecoder().decode(content);
  }
  return found;
}

function unreadable(path: string, what: string): GuestkitError {
  return new GuestkitError("E_SEED_UNREADABLE", `Cannot read the seed "${path}": ${what}`, {
    at: { file: path },
    help: "Apply again: the seed is written anew.",
  });
}
