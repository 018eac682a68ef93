import { GuestkitError } from "../kit/errors.ts";
import type { Codec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";
import { decideFormat, type Testimony } from "./decide.ts";
import type { Image, ImageFormat, OpenContext } from "./format.ts";
import { luks } from "./luks/index.ts";
import { ova } from "./ova/index.ts";
import { parallels } from "./parallels/index.ts";
import { qcow } from "./qcow/index.ts";
import { qcow2 } from "./qcow2/index.ts";
import { qed } from "./qed/index.ts";
import { raw } from "./raw/index.ts";
import { asParent, describeRefusal, type Refusal } from "./refusal.ts";
import { split } from "./split/index.ts";
import { vdi } from "./vdi/index.ts";
import { vhd } from "./vhd/index.ts";
import { vhdx } from "./vhdx/index.ts";
import { vmdk } from "./vmdk/index.ts";

export { decideFormat, type Testimony, type Witness } from "./decide.ts";
export type { Image, ImageFormat, OpenContext, Snapshot } from "./format.ts";
export { type Looks, looksLike } from "./looks.ts";
export { type ImageReference, parseReference } from "./reference.ts";
export { asParent, isPacked, type Refusal } from "./refusal.ts";
export { splitNote } from "./split/parts.ts";

/** Every format that is read. */
export const imageFormats: ImageFormat[] = [qcow2, qcow, raw, luks, vdi, vhd, vhdx, vmdk, qed, parallels, split, ova];

/** What is said of a file that `decideFormat` calls `format`, and that cannot be used so. `size` in bytes. */
export const refusalOf = (format: string, name: string, size: number): Refusal =>
  describeRefusal(
    format,
    name,
    size,
    imageFormats.some((each) => each.name === format),
  );

/** What opening images asks of the platform: that of host/image-host, or a browser's own. */
export interface ImageHost extends Codec, Pick<OpenContext, "openFile" | "findFile"> {
  /** What is recorded of the format of the file `name`; null, or left out, where nothing is. */
  readonly recorded?: (name: string) => Promise<Testimony | null>;
}

export interface OpenImageOptions {
  /** A format's name; what is recorded, else content decides when null or left out. */
  readonly format?: string | null;
  /** An internal snapshot's id or name, instead of the active state. */
  readonly snapshot?: string;
  readonly member?: OpenContext["member"];
  /** Keys of what is encrypted: the image, and those that it stands on. */
  readonly keys?: OpenContext["keys"];
}

/** Parents above one another that are still believed: a loop by way of links ends here. */
const MAX_CHAIN = 128;

/**
 * Opens an image and all that it stands on. `source` belongs to the image from now on: it is closed with it, and at
 * once when opening fails.
 * Throws `E_IMAGE_FORMAT`, `E_IMAGE_CYCLE`, `E_IMAGE_CHAIN` and what the format throws.
 */
export function openImage(source: ByteSource, host: ImageHost, options: OpenImageOptions = {}): Promise<Image> {
  return openAbove(source, host, options, []);
}

async function openAbove(
  source: ByteSource,
  host: ImageHost,
  options: OpenImageOptions,
  seen: readonly string[],
): Promise<Image> {
  const { format = null, snapshot, member, keys } = options;
  const context: OpenContext = {
    openFile: host.openFile,
    ...(host.findFile && { findFile: host.findFile }),
    decompress: host.decompress,
    digest: host.digest,
    ciphers: host.ciphers,
    openImage: (parent, name, above, within) =>
      openAbove(parent, within ? enclosed(host, within) : host, { format: name, ...(keys && { keys }) }, above),
    ...(snapshot !== undefined && { snapshot }),
    ...(member && { member }),
    ...(keys && { keys }),
  };
  try {
    checkChain(source, seen);
    const kind = named(source, await formatOf(source, format, host, seen.length > 0));
    return await kind.open(source, context, seen);
  } catch (error) {
    await source[Symbol.asyncDispose]();
    throw error instanceof GuestkitError ? error.within({ file: source.name }) : error;
  }
}

/** Of the host nothing but its libraries: no folder to look through, and no records. */
const enclosed = ({ decompress, digest, ciphers }: ImageHost, openFile: ImageHost["openFile"]): ImageHost => ({
  ...{ decompress, digest, ciphers, openFile },
});

function checkChain(source: ByteSource, seen: readonly string[]): void {
  const at = { file: seen[0] ?? source.name };
  if (seen.includes(source.name)) {
    const loop = [...seen.slice(seen.indexOf(source.name)), source.name].map((name) => `"${name}"`).join(" -> ");
    throw new GuestkitError("E_IMAGE_CYCLE", `Cannot open "${at.file}": its backing files form a loop: ${loop}`, {
      at,
      help: "Point the damaged link at the right parent: qemu-img rebase -u -b PARENT -F FORMAT IMAGE",
    });
  }
  if (seen.length < MAX_CHAIN) return;
  throw new GuestkitError("E_IMAGE_CHAIN", `Cannot open "${at.file}": more than ${MAX_CHAIN} backing files`, {
    at,
    help: `Point one of them at a parent that stands alone: qemu-img rebase -u -b PARENT -F FORMAT "${at.file}"`,
  });
}

/**
 * A header's word on its parent counts less than the parent's own record, unless it says raw: whoever wrote the header may
 * have wanted a guest's disk to be followed.
 */
async function formatOf(
  source: ByteSource,
  said: string | null,
  { recorded }: ImageHost,
  isParent: boolean,
): Promise<string> {
  const own = async () => (await recorded?.(source.name)) ?? null;
  const isHeader = isParent && said !== null && said !== "raw";
  const witness = isHeader ? async () => ({ doubt: null, format: (await own())?.format ?? said }) : own;
  const format = await decideFormat(source, isHeader ? null : said, witness);
  return isParent ? asParent(format) : format;
}

function named(source: ByteSource, name: string): ImageFormat {
  const format = imageFormats.find((each) => each.name === name);
  if (!format) throw unread(source, name);
  return format;
}

function unread(source: ByteSource, format: string): GuestkitError {
  const { why, help } = refusalOf(format, source.name, source.size);
  return new GuestkitError("E_IMAGE_FORMAT", `Cannot open "${source.name}": ${why}`, {
    help,
    at: { file: source.name },
  });
}
