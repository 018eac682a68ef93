import { type Image, type ImageHost, openImage } from "../../../core/format/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { nodeHost } from "../../../core/source/node.ts";

/** A folder of files in memory; absolute names lead to those of the map that are named so. */
export function memoryHost(files: Readonly<Record<string, Uint8Array>>, opened: string[] = []): ImageHost {
  const { findFile: _, ...codec } = nodeHost;
  return {
    ...codec,
    openFile: async (name) => {
      opened.push(name);
      const bytes = files[name];
      if (bytes) return memorySource(bytes, name);
      throw new GuestkitError("E_SOURCE_OPEN", `Cannot open "${name}": there is none`, { at: { file: name } });
    },
  };
}

/** Opens one of them; `opened` takes down the names that are asked for. */
export function openMade(
  files: Readonly<Record<string, Uint8Array>>,
  name: string,
  opened: string[] = [],
): Promise<Image> {
  return openImage(memorySource(files[name] ?? new Uint8Array(), name), memoryHost(files, opened));
}
