import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import type { ByteSource } from "../source/source.ts";
import type { Image } from "./format.ts";
import type { Asker } from "./named.ts";

/** A name that a parent may have. */
export interface ParentName {
  /** As the header has it. */
  readonly written: string;
  /** A path, absolute or relative to the image that names it. */
  readonly path: string;
}

/** A parent that its child knows by more than its name. */
export interface LinkedParent {
  /** The best first. */
  readonly names: readonly ParentName[];
  /** What it is, as its child is. */
  readonly format: string;
  /** Why an image of that name is not the parent; null where it is. */
  readonly mismatch: (image: Image) => string | null;
}

/**
 * Opens the first file of these names that is the parent. What a name leads to is believed by its id alone: a file of the
 * same name in the same folder is often another one.
 * Throws `E_IMAGE_BACKING` where none is there, `E_IMAGE_PARENT` where none is the parent, and what the parents throw.
 */
export async function openLinked(asker: Asker, wanted: LinkedParent): Promise<NonNullable<Image["backing"]>> {
  const { source, context, seen } = asker;
  const others: string[] = [];
  let missing: unknown;
  for (const { written, path } of wanted.names) {
    const file = await context.openFile(path, source.name).catch((error: unknown) => {
      missing ??= error;
      return null;
    });
    if (!file) continue;
    const image = await context.openImage(file, wanted.format, [...seen, source.name]);
    const isFormat = image.format === wanted.format;
    const why = isFormat ? wanted.mismatch(image) : `it is ${image.format}, and no ${wanted.format}`;
    if (why === null) return { name: written, format: wanted.format, image };
    await image[Symbol.asyncDispose]();
    others.push(`"${image.name}" is not it: ${why}`);
  }
  throw others.length > 0 ? wrongParent(source, others) : noParent(source, wanted.names, missing);
}

function wrongParent(source: ByteSource, others: readonly string[]): GuestkitError {
  return new GuestkitError(
    "E_IMAGE_PARENT",
    `Cannot open "${source.name}": its parent is not there: ${others.join("; ")}`,
    {
      at: { file: source.name },
      help: "Put the parent that it was made from in its place; a parent that was changed since makes its children useless.",
    },
  );
}

function noParent(source: ByteSource, names: readonly ParentName[], cause: unknown): GuestkitError {
  const [first] = names;
  const what = first ? `the parent "${printable(first.written)}"` : "the parent, which it does not name,";
  const why = cause instanceof Error ? cause.message : "there is no such file";
  return new GuestkitError("E_IMAGE_BACKING", `Cannot open ${what} of "${source.name}": ${why}`, {
    at: { file: source.name },
    cause,
    help: "Put the parent beside it, by its own name.",
  });
}
