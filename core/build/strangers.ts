import { type Naming, type Stranger, strangersOf } from "../host/named-files.ts";
import { GuestkitError } from "../kit/errors.ts";
import { namingsOf } from "./chain.ts";
import type { Layer } from "./layer.ts";

export interface Leave {
  /** `allow_backing_files`: the user says that they may. */
  readonly allowed: boolean;
  /** Files that were approved earlier. */
  readonly approved?: readonly string[];
  /** The field that names the image, and the one that would allow it. */
  readonly field: readonly (string | number)[];
  readonly allow: string;
}

/**
 * Demands that what is made from a chain brings in no file of this host that only a stranger's header names. Gives the
 * files outside the images' own folders that were let through. Throws `E_BACKING_FOREIGN`.
 */
export function demandNamed(chain: readonly Layer[], leave: Leave, dataDir: string): Promise<readonly string[]> {
  return demandNamings(namingsOf(chain), leave, dataDir);
}

/** The same of files of any format, by what each of them names. */
export async function demandNamings(
  namings: readonly Naming[],
  leave: Leave,
  dataDir: string,
): Promise<readonly string[]> {
  const { allowed, approved = [] } = leave;
  const strangers = await strangersOf(namings, dataDir);
  const refused = allowed ? undefined : strangers.find(({ file }) => !approved.includes(file));
  if (refused) throw stranger(refused, leave);
  return strangers.map(({ file }) => file);
}

function stranger({ image, file, what }: Stranger, { field, allow }: Leave): GuestkitError {
  const why = `it names ${what}, "${file}", which would become part of what is made`;
  return new GuestkitError("E_BACKING_FOREIGN", `Cannot use "${image}": ${why}`, {
    at: { file: image, field },
    help: `Where you know that it is meant to (guestkit info "${image}"): ${allow}. Images that guestkit made over others need no such word: an older release's record learns it by the next apply of their declaration.`,
  });
}
