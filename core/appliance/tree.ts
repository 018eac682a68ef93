import { posix } from "node:path";

/** What stands at one path of an initramfs; content is read when it is packed. */
export type TreeNode =
  | { readonly kind: "folder" }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "file"; readonly isProgram: boolean; readonly content: () => Promise<Uint8Array> }
  | { readonly kind: "device"; readonly major: number; readonly minor: number };

/** The root of a small guest, by paths without a leading slash; folders above a path come by themselves. */
export class GuestTree {
  readonly #nodes = new Map<string, TreeNode>();

  has(path: string): boolean {
    return this.#nodes.has(path);
  }

  folder(path: string): this {
    return this.#put(path, { kind: "folder" });
  }

  link(path: string, target: string): this {
    return this.#put(path, { kind: "link", target });
  }

  file(path: string, content: () => Promise<Uint8Array>, isProgram = false): this {
    return this.#put(path, { kind: "file", isProgram, content });
  }

  text(path: string, text: string, isProgram = false): this {
    return this.file(path, async () => new TextEncoder().encode(text), isProgram);
  }

  device(path: string, major: number, minor: number): this {
    return this.#put(path, { kind: "device", major, minor });
  }

  /** In the order of their paths, so that a folder stands before what is in it and the same tree packs to the same bytes. */
  entries(): readonly (readonly [path: string, node: TreeNode])[] {
    return [...this.#nodes].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #put(path: string, node: TreeNode): this {
    const above = posix.dirname(path);
    if (above !== "." && !this.#nodes.has(above)) this.folder(above);
    this.#nodes.set(path, node);
    return this;
  }
}
