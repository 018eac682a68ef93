import { fromBinary } from "../archive/index.ts";
import { type CopyOptions, type CopyResult, copyOut } from "../copy/index.ts";
import type { ActionImplementation } from "../engine/implementation.ts";
import { decodeName } from "../kit/name.ts";
import type { ValueObject } from "../model/value.ts";
import { pathBytes, readImageOf } from "./place.ts";

export const copy: ActionImplementation = {
  run: async (input, { check }, context) => {
    const src = pathBytes(input, "src");
    const options: CopyOptions = {
      recursive: input.recursive === true,
      links: input.links as NonNullable<CopyOptions["links"]>,
      preserve: input.preserve === true,
      overwrite: input.overwrite !== false,
      check,
      signal: context.signal,
      progress: context.progress,
    };
    const dest = Buffer.from(String(input.dest));
    const result = await readImageOf(input, context, async (disk, output) =>
      copyOut(await disk.tree(), src, dest, { ...options, output }),
    );
    return { changed: result.copied > 0, before: result.before, after: result.after, output: describe(result) };
  },
};

function describe({ copiedTo, files, copied, bytes, leftOut }: CopyResult): ValueObject {
  return {
    copied_to: copiedTo.toString("utf8"),
    files,
    copied,
    bytes,
    left_out: leftOut.map(({ path, why }) => {
      const { text, base64 } = decodeName(fromBinary(path));
      return { path: text, path_base64: base64, why };
    }),
  };
}
