import { type ByteSource, waysTo } from "../../source/source.ts";
import type { Image, OpenContext } from "../format.ts";
import { refuseSnapshot } from "../no-snapshots.ts";

/** The source itself as an image. Throws `E_RAW_SNAPSHOT` where one is asked for. */
export async function openRaw(source: ByteSource, context: OpenContext): Promise<Image> {
  refuseSnapshot(source, context, "raw");
  return {
    name: source.name,
    size: source.size,
    ...waysTo(source),
    format: "raw",
    files: [source.name],
    backing: null,
    snapshots: [],
    details: {},
    warnings: [],
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}
