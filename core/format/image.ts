import { type ByteSource, waysTo } from "../source/source.ts";
import type { Image } from "./format.ts";

/** What an image is made of, all of which is closed with it. */
export interface ImageParts extends Pick<Image, "format" | "size" | "details"> {
  readonly source: ByteSource;
  readonly reader: Pick<ByteSource, "read" | "readInto" | "extent" | "peek" | "stored">;
  /** Files beside its own that its header names: extents, a data file. */
  readonly others?: readonly ByteSource[];
  readonly backing?: Image["backing"];
  readonly snapshots?: Image["snapshots"];
  readonly warnings?: readonly string[];
}

/** The image of these parts; its parent's files and warnings follow its own. */
export function imageOf(parts: ImageParts): Image {
  const { format, source, size, reader, others = [], backing = null, snapshots = [], details, warnings = [] } = parts;
  return {
    name: source.name,
    size,
    ...waysTo(reader),
    format,
    files: [source.name, ...others.map(({ name }) => name), ...(backing?.image.files ?? [])],
    backing,
    snapshots,
    details,
    warnings: [...warnings, ...(backing?.image.warnings ?? [])],
    [Symbol.asyncDispose]: async () => {
      await backing?.image[Symbol.asyncDispose]();
      for (const each of others) await each[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    },
  };
}
