/** What a source is, and how it is opened: a chain of our own formats, an image of another one, a disk of an archive. */

import type { FileHandle } from "node:fs/promises";
import { decideFormat, imageFormats, looksLike } from "../format/index.ts";
import { imageRecord } from "../host/image-record.ts";
import { shownAddress } from "../kit/address.ts";
import type { CallerPath } from "../kit/caller-path.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import { convert } from "../qemu/block/img.ts";
import type { ImageFile } from "../qemu/block/node.ts";
import { openedSource } from "../source/file.ts";
import { fixFormats, openNode } from "./chain.ts";
import { copyForeign, type Foreign, leaning, openAlone, openLocal } from "./foreign.ts";
import { type HeadOptions, headOf } from "./header.ts";
import { asFormat, type OpenedChain, openChain } from "./open-chain.ts";
import { demandNamed } from "./strangers.ts";

/** What a refusal of a source says. */
export const SOURCE = {
  field: ["source", "url"],
  allow: "set source.allow_backing_files to true (guestkit create --allow-backing-files)",
} as const;

/** What of a declaration says how a source is opened. */
export interface Declared {
  /** A path, or an address of the web. */
  readonly url: CallerPath;
  /** Taken for this format (a name of core/format), in an archive the disk; as recorded, else as it looks where null. */
  readonly format: string | null;
  /** Of an archive the member that is the disk; its only disk where null. */
  readonly member: string | null;
  /** Whether a local one may lean on files that only its header names. */
  readonly allowBackingFiles: boolean;
}

/** What is told of a source. */
export interface SourceLook {
  /** What it was opened as. */
  readonly format: string;
  /** Virtual, bytes. */
  readonly size: number;
  /** What is to be known of it. */
  readonly notes: readonly string[];
}

/** A source that is open. */
interface Origin extends SourceLook, AsyncDisposable {
  copy(target: string, image: ImageFile, context: Context): Promise<void>;
}

/** Opens one as it is declared, recorded or looks. `isOwn` says that it lies on this host, by the path that it is given by. */
export async function openOrigin(
  path: string,
  file: FileHandle,
  source: Declared,
  isOwn: boolean,
  { settings }: Pick<Context, "settings">,
): Promise<Origin> {
  const format = await formatOf(path, file, source, isOwn);
  if (format === "ova") return ofForeign(await openAlone(file, { path, format, member: memberIn(source) }));
  if (format === "qcow2" && !(await isQcow2(path, file))) throw notQcow2(source.url);
  const leave = { ...SOURCE, allowed: source.allowBackingFiles };
  if (isForeign(format)) {
    const options = { path, format };
    return ofForeign(await (isOwn ? openLocal(file, options, leave, settings.dataDir) : openAlone(file, options)));
  }
  if (!isOwn) return ofChain(path, await openStray(path, file, source), () => {});
  const fix = (chain: OpenedChain) => fixFormats(chain.layers, settings.dataDir);
  return ofChain(path, await openOwn(path, file, source, settings.dataDir), fix);
}

/** An archive is what its content says, whatever is declared of the disk in it, and where a member is named. */
export async function formatOf(
  path: string,
  file: FileHandle,
  { format, member }: Declared,
  isOwn: boolean,
): Promise<string> {
  if (member !== null) return "ova";
  const source = await openedSource(file, path);
  if (format !== null && format !== "raw" && (await looksLike(source)).format === "ova") return "ova";
  return await decideFormat(source, format, isOwn ? () => imageRecord(path) : async () => null);
}

const memberIn = ({ format, member }: Declared) => ({ name: member, format: format === "ova" ? null : format });

/** A disk that was taken out of its archive. */
export const unpackedAs = (source: Declared) => ({ member: null, format: memberIn(source).format });

export function heldBy({ format, member }: Declared): "raw" | "archive" | null {
  if (member !== null || format === "ova") return "archive";
  return format === "raw" ? "raw" : null;
}

/** What guestkit reads and has no image of. */
const isForeign = (format: string): boolean =>
  asFormat(format) === null && imageFormats.some(({ name }) => name === format);

function ofForeign(foreign: Foreign): Origin {
  const { format, size, warnings } = foreign.image;
  return {
    ...{ format, size, notes: warnings },
    copy: (target, image, context) => copyForeign(target, foreign, image, context),
    [Symbol.asyncDispose]: () => foreign[Symbol.asyncDispose](),
  };
}

/** A use fixes what a local file is. */
function ofChain(path: string, chain: OpenedChain, fix: (chain: OpenedChain) => Promise<void> | void): Origin {
  const { format, size } = chain.layers[0];
  return {
    ...{ format, size, notes: [] },
    copy: async (_, image, context) => {
      await fix(chain);
      await convert(openNode(chain.layers), image, context, { phase: "converting", from: path });
    },
    [Symbol.asyncDispose]: () => chain[Symbol.asyncDispose](),
  };
}

async function openOwn(
  path: string,
  file: FileHandle,
  { format, allowBackingFiles }: Declared,
  dataDir: string,
): Promise<OpenedChain> {
  const opened = await openChain(path, { format: asFormat(format), field: SOURCE.field, file });
  try {
    await demandNamed(opened.layers, { ...SOURCE, allowed: allowBackingFiles }, dataDir);
    return opened;
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * A file of the cache is nobody's but the server's, and what was unpacked lies nowhere: nothing is recorded of it, and what
 * it leans on would be this host's.
 */
async function openStray(path: string, file: FileHandle, { url, format }: Declared): Promise<OpenedChain> {
  const options: HeadOptions = { format: asFormat(format), witness: async () => null };
  const head = await headOf(await openedSource(file, path), options);
  if (!head.backing && head.dataFile === null) return await openChain(path, { ...options, file });
  const what = head.backing
    ? `has a backing file ("${printable(head.backing.name)}")`
    : "keeps its data in another file";
  throw leaning(shownAddress(String(url)), what);
}

async function isQcow2(path: string, file: FileHandle): Promise<boolean> {
  return (await looksLike(await openedSource(file, path))).format === "qcow2";
}

function notQcow2(url: CallerPath): GuestkitError {
  return new GuestkitError("E_SOURCE_FORMAT", `Cannot use "${shownAddress(String(url))}" as qcow2: it is none`, {
    at: { field: ["source", "format"] },
    help: "Leave source.format out, and it is told by its record or its content.",
  });
}
