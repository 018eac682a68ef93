import { demandPlaces } from "../../build/files.ts";
import type { GuestImage } from "../../build/guest-disk.ts";
import { type Diagnostic, problem } from "../../engine/diagnostic.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { isList, isObject, UNKNOWN, type Value, type ValueObject } from "../../model/value.ts";
import type { CanonicalInput } from "./input.ts";

/** Why the declared files cannot be put into an image that is there: it, or what a new one is to be a copy of. */
export async function filesFault({ files }: CanonicalInput, image: GuestImage): Promise<Diagnostic[]> {
  if (files.length === 0) return [];
  try {
    await demandPlaces(
      image,
      files.map(({ path }) => path),
    );
    return [];
  } catch (error) {
    // What cannot be read is told by whoever is to write to it.
    if (!(error instanceof GuestkitError) || !error.code.startsWith("E_FILES_")) return [];
    return [problem(error.code, ["files"], error.message, error.help)];
  }
}

/** The same of a layout that is declared: which of its file systems the files go to. Values may be UNKNOWN. */
export function declaredFilesFault(input: ValueObject): Diagnostic[] {
  return isObject(input.layout ?? null) ? madeFilesFault(input) : [];
}

/** The same of an image that is to be made; without a layout only that tells, since an imported one may have a root. */
export function madeFilesFault({ files, source, backing_file, bootstrap, layout }: ValueObject): Diagnostic[] {
  const isOther = [source, backing_file, bootstrap].some((each) => (each ?? null) !== null);
  if (!isList(files) || files.length === 0 || isOther || layout === UNKNOWN) return [];
  const found = isObject(layout ?? null) ? ((layout as ValueObject).partitions ?? null) : [];
  if (!isList(found) || found.some(isOpen) || isClear(found.filter(isObject))) return [];
  const what = isObject(layout ?? null) ? "its layout has no root file system to write to, or several" : "it is blank";
  const message = `Cannot put files into the image: ${what}`;
  const help =
    "files needs an ext4, xfs, btrfs or FAT file system: the only one of the layout, or one whose content is a system.";
  return [problem("E_FILES_ROOT", ["files"], message, help)];
}

/** What is not known yet, or is filled from outside and may be a system. */
const isOpen = (partition: Value): boolean =>
  !isObject(partition) || partition.filesystem === UNKNOWN || (partition.content ?? null) !== null;

/** FAT counts where there is no other. */
function isClear(partitions: readonly ValueObject[]): boolean {
  const count = (types: readonly string[]) =>
    partitions.filter(({ filesystem }) => types.includes(String(filesystem))).length;
  const linux = count(["ext4", "xfs", "btrfs"]);
  return linux === 1 || (linux === 0 && count(["vfat"]) === 1);
}
