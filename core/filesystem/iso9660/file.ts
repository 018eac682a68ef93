import { GuestkitError } from "../../kit/errors.ts";
import { type ByteSource, checkBounds } from "../../source/source.ts";
import type { IsoRecord } from "./record.ts";
import type { IsoVolume } from "./volume.ts";

/** The bytes of a file's sections, one after the other. Throws `E_ISO9660_EXTENT` where one is past the volume's end. */
export function sectionSource(volume: IsoVolume, sections: readonly IsoRecord[]): ByteSource {
  const { source } = volume;
  for (const section of sections) checkSection(source, section);
  const size = sections.reduce((sum, section) => sum + section.size, 0);
  const self = { name: source.name, size };
  return {
    ...self,
    read: async (offset, length, signal) => {
      checkBounds(self, offset, length);
      const pieces = piecesOf(sections, offset, length);
      const [only] = pieces;
      if (only && pieces.length === 1) return source.read(only.at, only.length, signal);
      const result = new Uint8Array(length);
      for (const { at, length: size, to } of pieces) result.set(await source.read(at, size, signal), to);
      return result;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

interface Piece {
  /** Byte on the volume. */
  readonly at: number;
  readonly length: number;
  /** Byte of what was asked for. */
  readonly to: number;
}

function piecesOf(sections: readonly IsoRecord[], offset: number, length: number): readonly Piece[] {
  const found: Piece[] = [];
  let before = 0;
  for (const { start, size } of sections) {
    const from = Math.max(offset, before);
    const end = Math.min(offset + length, before + size);
    if (from < end) found.push({ at: start + from - before, length: end - from, to: from - offset });
    before += size;
  }
  return found;
}

function checkSection(source: ByteSource, { offset, start, size, interleaved }: IsoRecord): void {
  const place = { at: { file: source.name, offset } };
  if (interleaved) {
    throw new GuestkitError("E_ISO9660_INTERLEAVED", "Cannot read a file: it is interleaved with another", place);
  }
  if (size === 0 || start + size <= source.size) return;
  const message = `Cannot read a file: its ${size} bytes at ${start} end past the volume's end`;
  throw new GuestkitError("E_ISO9660_EXTENT", message, {
    ...place,
    help: "The image is cut short or damaged: compare its size and sha256 with the original's.",
  });
}
