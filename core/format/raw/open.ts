import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Image, OpenContext } from "../format.ts";

/** The source itself as an image. Throws `E_RAW_SNAPSHOT` where one is asked for. */
export async function openRaw(source: ByteSource, context: OpenContext): Promise<Image> {
  if (context.snapshot !== undefined) throw noSnapshots(source, context.snapshot);
  const { peek, readInto, extent } = source;
  return {
    name: source.name,
    size: source.size,
    read: (offset, length, signal) => source.read(offset, length, signal),
    ...(peek && { peek: peek.bind(source) }),
    ...(readInto && { readInto: readInto.bind(source) }),
    ...(extent && { extent: extent.bind(source) }),
    format: "raw",
    files: [source.name],
    backing: null,
    snapshots: [],
    details: {},
    warnings: [],
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

function noSnapshots(source: ByteSource, snapshot: string): GuestkitError {
  const message = `Cannot open snapshot "${snapshot}" of "${source.name}": raw images have none`;
  return new GuestkitError("E_RAW_SNAPSHOT", message, { at: { file: source.name } });
}
