import type { Stats } from "node:fs";
import { dirname, join } from "node:path";
import { parseJson } from "../kit/depth.ts";
import { GuestkitError } from "../kit/errors.ts";
import { companionName } from "./partial.ts";
import { readPlainFile } from "./plain-file.ts";

/**
 * The version that this release writes; newer ones are refused. A record of a thing that guestkit has only seen has one
 * that older releases refuse: they would take it for a thing of their own.
 */
export const RECORD_VERSION = { kept: 1, seen: 2 } as const;

/** A record as it lies there, of one look. */
export interface RecordFile {
  readonly content: Readonly<Record<string, unknown>>;
  /** Whose it is. */
  readonly stat: Stats;
}

/** Bytes; declarations may hold whole files as text, and lists of thousands of packages. */
const LARGEST = 64 << 20;

/** Kept beside a thing: `.NAME.guestkit.json`. */
export function recordPath(id: string): string {
  return join(dirname(id), `.${companionName(id)}.guestkit.json`);
}

/**
 * The record beside a thing, or null. Throws `E_RECORD_KIND`, `E_RECORD_SIZE`, `E_RECORD_ACCESS`, `E_RECORD_DAMAGED` and
 * `E_RECORD_NEWER`.
 */
export async function readRecordFile(id: string): Promise<RecordFile | null> {
  const path = recordPath(id);
  const found = await readPlainFile(path, LARGEST).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  return found && { content: checked(path, parse(path, found.bytes.toString("utf8"))), stat: found.stat };
}

function unreadable(path: string, cause: unknown): unknown {
  const { code, message, help } = cause as NodeJS.ErrnoException & { help?: string };
  if (cause instanceof GuestkitError) {
    return new GuestkitError(String(code).replace("E_FILE", "E_RECORD"), message, { at: { file: path }, cause, help });
  }
  if (code !== "EACCES" && code !== "EPERM") return cause;
  return new GuestkitError("E_RECORD_ACCESS", `Cannot read "${path}": permission denied`, {
    at: { file: path },
    cause,
    help: `Run as its owner, or give yourself access: setfacl -m u:$USER:r "${path}"`,
  });
}

function parse(path: string, text: string): Record<string, unknown> {
  try {
    const value = parseJson(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw damaged(path, cause);
  }
  throw damaged(path, undefined);
}

function checked(path: string, found: Record<string, unknown>): Record<string, unknown> {
  const { format_version: version, origin } = found;
  if (!Number.isInteger(version) || Number(version) < 1) throw damaged(path, undefined);
  const newest = origin === "seen" ? RECORD_VERSION.seen : RECORD_VERSION.kept;
  if (Number(version) <= newest && isMap(found.declared) && isMap(found.details)) return found;
  if (Number(version) <= newest) throw damaged(path, undefined);
  throw new GuestkitError(
    "E_RECORD_NEWER",
    `Cannot use "${path}": it has version ${version}, this release knows ${newest}`,
    { at: { file: path }, help: "Use the guestkit release that wrote it, or a newer one." },
  );
}

const isMap = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

function damaged(path: string, cause: unknown): GuestkitError {
  return new GuestkitError("E_RECORD_DAMAGED", `Cannot use "${path}": it is no guestkit record`, {
    at: { file: path },
    cause,
    help: `Remove it (rm "${path}") and import the image again.`,
  });
}
