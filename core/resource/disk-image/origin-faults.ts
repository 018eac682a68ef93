import { stat } from "node:fs/promises";
import { SOURCE, type SourceLook } from "../../build/origin.ts";
import { BACKING, baseChain } from "../../build/overlay.ts";
import { lookAtSource, packingOf } from "../../build/source.ts";
import { demandNamed } from "../../build/strangers.ts";
import { unknownContent } from "../../build/unknown-content.ts";
import { type Diagnostic, problem, warning } from "../../engine/diagnostic.ts";
import type { PlanContext } from "../../engine/implementation.ts";
import type { FieldPath } from "../../engine/path.ts";
import { openNamedFile } from "../../host/plain-file.ts";
import { asGuestkitError, GuestkitError } from "../../kit/errors.ts";
import { isHeldByGoing, namedHolder } from "../../machine/holder.ts";
import { inUse } from "../../qemu/block/img.ts";
import { isBeingWritten } from "../../redo/opening.ts";
import { checkFaults, MADE_LATER } from "./checks.ts";
import { filesFault } from "./files-fault.ts";
import { grownCopy } from "./growth.ts";
import { type CanonicalInput, sourceOf } from "./input.ts";
import { localOrigin, missingFiles } from "./missing-files.ts";

/** What a local source or backing file that is there already tells: what it is, what it leans on, its size. */
export async function originFaults(input: CanonicalInput, context: PlanContext): Promise<Diagnostic[]> {
  const { size, source, backing_file: base } = input;
  const missing = await missingFiles(input, context);
  const path = base ?? localOrigin(source);
  if (path === null || missing.length > 0 || !(await stat(path).catch(() => null))?.isFile()) return missing;
  // What it holds is known when it is unpacked.
  if (source && (await isPacked(path))) return [];
  const said = source ? SOURCE : BACKING;
  try {
    const origin = source
      ? await lookAtSource(path, sourceOf(source), context)
      : await lookAtBase(path, input, context);
    // What it holds is known when it is unpacked.
    if (origin === null) return [];
    const image = {
      path,
      format: origin.format,
      ...(source?.member && { member: { name: source.member, format: null } }),
    };
    const isFinal = input.files.length === 0 && !context.intended("disk_image", path);
    const later = isFinal ? null : MADE_LATER;
    const told = [
      ...origin.notes.map((note) => warning("W_SOURCE_IMAGE", said.field, note)),
      ...(await writtenTo(path, said.field, context)),
      ...(await unknownTold(path, source ? source.format : input.backing_format, said.field)),
      ...(await filesFault(input, image)),
      ...(await checkFaults(input, image, later, context)),
    ];
    if (size === null || size === origin.size) return told;
    const grown = size < origin.size ? tooSmall(path, origin.size, size) : await grownCopy(image, size);
    return [...told, ...grown];
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    return [problem(error.code, said.field, error.message, error.help)];
  }
}

/** Throws as an overlay over it would. */
async function lookAtBase(base: string, input: CanonicalInput, { settings }: PlanContext): Promise<SourceLook> {
  const chain = await baseChain(base, input.backing_format);
  await demandNamed(chain, { ...BACKING, allowed: input.allow_backing_files }, settings.dataDir);
  return { ...chain[0], notes: [] };
}

async function unknownTold(path: string, format: string | null, field: FieldPath): Promise<Diagnostic[]> {
  const unknown = format === null ? await unknownContent(path) : null;
  return unknown === null ? [] : [warning("W_CONTENT_UNKNOWN", field, unknown, RAW)];
}

/** Whoever writes to it may have stopped by its turn. */
async function writtenTo(path: string, field: FieldPath, { goes, settings }: PlanContext): Promise<Diagnostic[]> {
  if (!(await isBeingWritten(path)) || (await isHeldByGoing(path, goes, settings))) return [];
  const { code, message, help } = asGuestkitError(await namedHolder(inUse(path), null, settings));
  return [warning(code, field, message, help)];
}

async function isPacked(path: string): Promise<boolean> {
  await using file = await openNamedFile(path);
  return file !== null && (await packingOf(path, file)) !== null;
}

const RAW = "Where it is a raw disk, say so: source.format (backing_format) = raw.";

function tooSmall(path: string, has: number, size: number): Diagnostic[] {
  const message = `size is ${size} bytes, and "${path}" has ${has}`;
  return [problem("E_SIZE_SMALLER", ["size"], message, `Set size to ${has} or more, or leave it out.`)];
}
