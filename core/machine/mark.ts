import { join } from "node:path";
import type { Owner } from "../host/owner.ts";
import { readKeptText } from "../host/plain-file.ts";
import { writeFile } from "../host/write-file.ts";
import { parseJson } from "../kit/depth.ts";
import type { MachineFolder } from "./folder.ts";

/** What makes a machine a disposable one: kept as `disposable.json` in its folder, from the folder's first moment on. */
export interface DisposableMark {
  readonly format_version: 1;
  /** The guestkit that it goes with. */
  readonly owner: Owner;
  /** What it was made of: a machine's name or an image's path. */
  readonly base: string;
  /** Bytes that its disks and logs may take on the host, together. */
  readonly quota: number;
  /** Bytes that any one file may have which QEMU writes. */
  readonly file_limit: number;
}

const NAME = "disposable.json";

export const writeMark = (path: string, mark: DisposableMark): Promise<void> =>
  writeFile(join(path, NAME), `${JSON.stringify(mark)}\n`, { mode: 0o600 });

/** Null for a machine that stays. Whatever cannot be read is none: nothing is removed by it. */
export async function readMark({ path }: Pick<MachineFolder, "path">): Promise<DisposableMark | null> {
  const text = await readKeptText(join(path, NAME)).catch(() => null);
  if (text === null) return null;
  try {
    const found: unknown = parseJson(text);
    return isMark(found) ? found : null;
  } catch {
    return null;
  }
}

function isMark(value: unknown): value is DisposableMark {
  if (typeof value !== "object" || value === null) return false;
  const { format_version, owner, base, quota, file_limit } = value as Partial<Record<keyof DisposableMark, unknown>>;
  const { pid, tag } = (owner ?? {}) as Partial<Record<keyof Owner, unknown>>;
  const numbers = [pid, quota, file_limit].every((each) => Number.isSafeInteger(each) && Number(each) > 0);
  return format_version === 1 && numbers && typeof tag === "string" && typeof base === "string";
}
