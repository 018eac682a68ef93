import { noCodec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";
import { btrfs } from "./btrfs/index.ts";
import { ext4 } from "./ext4/index.ts";
import { fat } from "./fat/index.ts";
import type { FileSystem, FileSystemContext, FileSystemKind } from "./filesystem.ts";
import { iso9660 } from "./iso9660/index.ts";
import { xfs } from "./xfs/index.ts";

/** Every file system that has a reader, in the order they are tried: the surest sign first. */
export const fileSystemKinds: FileSystemKind[] = [ext4, xfs, btrfs, fat, iso9660];

/** Without a platform: what needs one of its libraries is refused. */
const BARE: FileSystemContext = { ...noCodec, others: [] };

/** The reader that knows what a volume holds; null where none does. */
export async function fileSystemKindOf(source: ByteSource): Promise<FileSystemKind | null> {
  for (const kind of fileSystemKinds) if (await kind.probe(source)) return kind;
  return null;
}

/**
 * Opens whatever file system a volume holds, or null where no reader knows it (`recognise` may still name it).
 * Throws what the reader says of a damaged one. Closing it leaves `source` open.
 */
export async function openFileSystem(source: ByteSource, context = BARE): Promise<FileSystem | null> {
  return (await fileSystemKindOf(source))?.open(source, context) ?? null;
}
