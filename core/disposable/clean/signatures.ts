import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { GuestkitError } from "../../kit/errors.ts";
import { reasonOf } from "../../kit/system-error.ts";

/** What a folder of ClamAV signatures is, without reading the signatures. */
export interface Signatures {
  readonly folder: string;
  readonly files: readonly string[];
  /** When the newest of them were made. */
  readonly madeAt: Date;
}

/** Extensions of ClamAV's databases (its manual, "Database formats"). */
const KINDS = [
  "cvd",
  "cld",
  "cud",
  "hdb",
  "hsb",
  "hdu",
  "hsu",
  "mdb",
  "msb",
  "ndb",
  "ndu",
  "ldb",
  "ldu",
  "yar",
  "yara",
];
/** Days after which ClamAV itself calls them outdated. */
const OLD = 7;
const DAY = 24 * 3600 * 1000;

/** Throws `E_CLAMAV_DATABASE` where there are no signatures. */
export async function readSignatures(folder: string): Promise<Signatures> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw unusable(folder, reasonOf(cause), cause);
  });
  const files = names.filter((name) => KINDS.includes(name.split(".").at(-1) ?? "")).toSorted();
  if (files.length === 0) throw unusable(folder, "there are no signatures in it");
  const times = await Promise.all(files.map((name) => madeAt(join(folder, name))));
  return { folder, files, madeAt: new Date(Math.max(...times)) };
}

/** In whole days. */
export function ageInDays({ madeAt }: Signatures): number {
  return Math.max(0, Math.floor((Date.now() - madeAt.getTime()) / DAY));
}

export const isOld = (days: number): boolean => days > OLD;

/**
 * The head of a signed database says when it was built (`ClamAV-VDB:22 Nov 2026 07-25 +0000:...`, 512 bytes); that of any
 * other file is when it was written.
 */
async function madeAt(path: string): Promise<number> {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    const text = buffer.subarray(0, bytesRead).toString("latin1");
    const [, day, hour, minute, zone] = /^ClamAV-VDB:(\d+ \w+ \d+) (\d+)-(\d+) ([+-]\d{4}):/.exec(text) ?? [];
    const told = Date.parse(`${day} ${hour}:${minute} ${zone}`);
    return Number.isNaN(told) ? (await stat(path)).mtimeMs : told;
  } finally {
    await handle.close();
  }
}

function unusable(folder: string, why: string, cause?: unknown): GuestkitError {
  return new GuestkitError("E_CLAMAV_DATABASE", `Cannot use the signatures in "${folder}": ${why}`, {
    at: { file: folder },
    help: "Name the folder that freshclam writes to, often /var/lib/clamav (apt-get install clamav-freshclam).",
    cause,
  });
}
