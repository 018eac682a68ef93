import type { ByteSource } from "../../source/source.ts";
import { joined } from "../joined.ts";
import { type Asker, openNamed, plainName } from "../named.ts";
import type { RunSource } from "../run-reader.ts";
import type { DiskDescriptor, Storage, StoredImage } from "./descriptor.ts";
import { type Expandable, expandableReader, openExpandable } from "./expandable.ts";
import { damaged } from "./fault.ts";

/** The disk of a descriptor: each stretch of it is the present image over those of its snapshots. */
export interface Bundle {
  readonly reader: RunSource;
  readonly size: number;
  /** Headers of the images that are no plain ones. */
  readonly images: readonly Expandable[];
}

/**
 * Opens all files of the present state, which are put into `files`: close them.
 * Throws `E_IMAGE_BACKING`, `E_IMAGE_REFERENCE`, `E_PARALLELS_*`.
 */
export async function openBundle(
  asker: Asker,
  { storages, chain }: DiskDescriptor,
  files: ByteSource[],
): Promise<Bundle> {
  const images: Expandable[] = [];
  const stretches: { length: number; source: ByteSource }[] = [];
  for (const storage of storages) {
    let below: ByteSource | null = null;
    for (const image of imagesFor(asker.source, storage, chain)) {
      const file = await openStored(asker, image, files);
      below = await layerOf(file, image, storage, below, images);
    }
    if (!below) throw damaged(asker.source, "CHAIN", 0, "no file holds the present state of a stretch of it");
    stretches.push({ length: storage.length, source: below });
  }
  const reader = joined(asker.source.name, stretches);
  return { reader, size: reader.size, images };
}

/** From the oldest on. */
function imagesFor(source: ByteSource, { images }: Storage, chain: readonly string[]): readonly StoredImage[] {
  return chain.toReversed().map((wanted) => {
    const image = images.find(({ guid }) => guid === wanted);
    if (image) return image;
    throw damaged(source, "CHAIN", 0, `the state ${wanted} has no file for a stretch of it`);
  });
}

async function openStored(asker: Asker, { file }: StoredImage, files: ByteSource[]): Promise<ByteSource> {
  const name = plainName(asker.source, file);
  const help = `All files of the disk belong together: put "${name}" beside "${asker.source.name}"`;
  const opened = await openNamed(asker, { role: "image", name, help });
  files.push(opened);
  return opened;
}

async function layerOf(
  file: ByteSource,
  { isPlain }: StoredImage,
  { length }: Storage,
  below: ByteSource | null,
  images: Expandable[],
): Promise<ByteSource> {
  const image = isPlain ? null : await openExpandable(file);
  const size = image?.size ?? file.size;
  if (size < length) throw damaged(file, "SIZE", 36, `it has ${size} bytes, and ${length} are to be in it`);
  if (!image) return file;
  images.push(image);
  const reader = expandableReader(file, image, below);
  return { name: file.name, size, ...reader, [Symbol.asyncDispose]: async () => {} };
}
