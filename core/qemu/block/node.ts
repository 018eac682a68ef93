export type DiskFormat = "qcow2" | "raw";

/**
 * An image file with all that QEMU is to know of it: never probed, and no header followed, since a guest or a stranger may
 * have written them. (`build/chain.ts` finds out.)
 */
export interface ImageFile {
  readonly path: string;
  readonly format: DiskFormat;
  /** A device of the host instead of a regular file. */
  readonly isDevice?: boolean;
  /** The part of a raw file that it is, bytes; all of it where left out. */
  readonly part?: { readonly offset: number; readonly size: number | null } | null;
  /** The file that its data lies in, where that is another one. */
  readonly dataFile?: string | null;
  /** The node that it leans on; none where left out. */
  readonly backing?: BlockNode | null;
}

/** A part of a disk, bytes. */
export interface DiskWindow {
  readonly start: number;
  readonly size: number;
}

/** A QEMU block node as its JSON options. */
export type BlockNode = Readonly<Record<string, unknown>>;

/** A node whose files are open already: its file names are `/dev/fd/3`, `/dev/fd/4`, ... in this order. */
export interface OpenNode {
  readonly node: BlockNode;
  readonly files: readonly number[];
}

export function imageNode({ path, format, isDevice, part, dataFile, backing = null }: ImageFile): BlockNode {
  const file = { driver: isDevice ? "host_device" : "file", filename: path };
  if (format === "raw") return { driver: format, ...partOptions(part), file };
  return { driver: format, file, ...(dataFile && { "data-file": { driver: "file", filename: dataFile } }), backing };
}

function partOptions(part: ImageFile["part"]): object {
  return part ? { offset: part.offset, ...(part.size !== null && { size: part.size }) } : {};
}

export function windowNode(image: ImageFile, window: DiskWindow): BlockNode {
  return { driver: "raw", offset: window.start, size: window.size, file: imageNode(image) };
}

/** A node as qemu-img takes it for a file name: no character in a path has a meaning in it. */
export function nodeName(node: BlockNode): string {
  return `json:${JSON.stringify(node)}`;
}
