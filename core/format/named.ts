import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import type { ByteSource } from "../source/source.ts";
import { windowSource } from "../source/window.ts";
import type { Image, OpenContext } from "./format.ts";
import type { ImageReference } from "./reference.ts";

/** The image whose header names a file. */
export interface Asker {
  readonly source: ByteSource;
  readonly context: OpenContext;
  /** The names that are open above it. */
  readonly seen: readonly string[];
}

/** A file that a header names, and what is said where it is not there: its role, and how to put that right. */
export interface NamedFile {
  /** `backing file`, `extent`. */
  readonly role: string;
  readonly name: string;
  readonly help: string;
}

/** Opens it. Throws `E_IMAGE_BACKING`. */
export async function openNamed({ source, context }: Asker, { role, name, help }: NamedFile): Promise<ByteSource> {
  try {
    return await context.openFile(name, source.name);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GuestkitError("E_IMAGE_BACKING", `Cannot open the ${role} "${name}" of "${source.name}": ${why}`, {
      at: { file: source.name },
      cause,
      help,
    });
  }
}

/** Opens a parent, which is closed with its file. Throws `E_IMAGE_BACKING` and what the parent's format throws. */
export async function openParent(asker: Asker, reference: ImageReference, help: string): Promise<Image> {
  const { source, context, seen } = asker;
  const file = await openNamed(asker, { role: "backing file", name: reference.filename, help });
  return context.openImage(part(file, reference), reference.format, [...seen, source.name]);
}

/** A raw parent may be a stretch of its file; closing it closes the file. */
function part(file: ByteSource, { offset, size }: ImageReference): ByteSource {
  if (offset === 0 && size === null) return file;
  const start = Math.min(offset, file.size);
  const window = windowSource(file, start, Math.min(size ?? file.size, file.size - start));
  return { ...window, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
}

/** How to point an image of QEMU's own formats at its parent. */
export const rebaseHelp = (name: string): string =>
  `Put it back, or point the image at it: qemu-img rebase -u -b FILE -F FORMAT "${name}"`;

/**
 * The path that a header of VMware's, Microsoft's or Parallels' names, which is one and nothing else. Throws
 * `E_IMAGE_REFERENCE` for what is no file's name on this host.
 */
export function plainName({ name }: ByteSource, text: string): string {
  const isForeign = /^[A-Za-z]:[\\/]|^\\\\/.test(text);
  if (text !== "" && !/\p{Cc}/u.test(text) && !isForeign) return text;
  const what =
    text === ""
      ? "an empty name"
      : `"${printable(text)}", which is ${isForeign ? "a path of Windows" : "no file's name"}`;
  throw new GuestkitError("E_IMAGE_REFERENCE", `Cannot open "${name}": it names ${what}`, {
    at: { file: name },
    help: "Put the file that it means beside it, and write its bare name into the header that names it.",
  });
}

/** Told where a header leaves its parent's format to what that looks like. */
export function unsaidFormat({ name }: ByteSource, backing: Image["backing"]): readonly string[] {
  if (backing?.format !== null || backing.name.startsWith("json:")) return [];
  return [`"${name}" does not say its backing file's format: it is opened as ${backing.image.format}`];
}
