import { GuestkitError } from "../kit/errors.ts";
import type { ByteSource } from "../source/source.ts";
import { foreignFormat } from "./foreign.ts";
import type { Image, ImageFormat, OpenContext } from "./format.ts";
import { qcow2 } from "./qcow2/index.ts";
import { raw } from "./raw/index.ts";

export type { Image, ImageFormat, OpenContext, Snapshot } from "./format.ts";

/** Every format that is read, in the order of probing; raw takes whatever is left. */
export const imageFormats: ImageFormat[] = [qcow2, raw];

/** What opening images asks of the platform: `nodeHost` of source/node, or a browser's own. */
export type ImageHost = Pick<OpenContext, "openFile" | "decompress">;

export interface OpenImageOptions {
  /** A format's name; probed when null or left out. */
  readonly format?: string | null;
  /** An internal snapshot's id or name, instead of the active state. */
  readonly snapshot?: string;
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
  const { format = null, snapshot } = options;
  const context: OpenContext = {
    openFile: host.openFile,
    decompress: host.decompress,
    openImage: (parent, name, above) => openAbove(parent, host, { format: name }, above),
    ...(snapshot !== undefined && { snapshot }),
  };
  try {
    checkChain(source, seen);
    const kind = await findFormat(source, format);
    return await kind.open(source, context, seen);
  } catch (error) {
    await source[Symbol.asyncDispose]();
    throw error instanceof GuestkitError ? error.within({ file: source.name }) : error;
  }
}

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
  throw new GuestkitError("E_IMAGE_CHAIN", `Cannot open "${at.file}": more than ${MAX_CHAIN} backing files`, { at });
}

async function findFormat(source: ByteSource, name: string | null): Promise<ImageFormat> {
  if (name !== null) return named(source, name);
  const foreign = await foreignFormat(source);
  if (foreign !== null) throw unread(source, foreign);
  for (const format of imageFormats) if (await format.probe(source)) return format;
  throw unread(source, "unknown");
}

function named(source: ByteSource, name: string): ImageFormat {
  const format = imageFormats.find((each) => each.name === name);
  if (!format) throw unread(source, name);
  return format;
}

function unread(source: ByteSource, format: string): GuestkitError {
  const known = imageFormats.map(({ name }) => name).join(", ");
  const message = `Cannot open "${source.name}": its format is ${format}, and what is read is ${known}`;
  return new GuestkitError("E_IMAGE_FORMAT", message, {
    at: { file: source.name },
    help: `Convert it: qemu-img convert -O qcow2 "${source.name}" IMAGE.qcow2`,
  });
}
