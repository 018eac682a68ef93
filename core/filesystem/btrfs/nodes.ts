import { GuestkitError } from "../../kit/errors.ts";
import { Lru } from "../../kit/lru.ts";
import { hexOf } from "../../kit/struct.ts";
import { compareStored, readId } from "./key.ts";
import { CSUM_SIZE, HEADER } from "./layout.ts";
import { Node, type NodeRef } from "./node.ts";
import type { Volume } from "./volume.ts";

/** Bytes of blocks that are kept. */
const KEPT = 16 << 20;

/** The blocks of all trees, verified when read; the good copy is taken where one is damaged. */
export class Nodes {
  readonly volume: Volume;
  readonly #nodes: Lru<number, Node>;
  readonly #loading = new Map<number, Promise<Node>>();

  constructor(volume: Volume) {
    this.volume = volume;
    this.#nodes = new Lru(Math.max(32, Math.floor(KEPT / volume.sb.raw.nodesize)));
  }

  /** The block that `ref` leads to, at once where it is kept. Throws `E_BTRFS_NODE`, `E_BTRFS_CHECKSUM`, `E_BTRFS_DEVICE`. */
  get(ref: NodeRef): Node | Promise<Node> {
    const kept = this.#nodes.get(ref.address);
    if (kept && differs(kept, ref) === null) return kept;
    const loading = this.#loading.get(ref.address) ?? this.#load(ref);
    return loading instanceof Promise ? loading.then((node) => this.#expected(node, ref)) : loading;
  }

  #expected(node: Node, ref: NodeRef): Node {
    const wrong = differs(node, ref);
    if (wrong === null) return node;
    throw this.#bad(ref, "E_BTRFS_NODE", wrong);
  }

  #load(ref: NodeRef): Node | Promise<Node> {
    const now = this.#atOnce(ref);
    if (now) return now;
    const loading = this.#tryAll(ref).finally(() => this.#loading.delete(ref.address));
    loading.catch(() => {});
    this.#loading.set(ref.address, loading);
    return loading;
  }

  /** The first copy, where it is in memory and nothing is wrong with it. */
  #atOnce(ref: NodeRef): Node | null {
    const { volume } = this;
    const chunk = volume.chunks.find(ref.address);
    if (!chunk || chunk.parity > 0 || !volume.has(chunk.stripes[0]?.device ?? "")) return null;
    try {
      const bytes = volume.read(ref.address, volume.sb.raw.nodesize, 0);
      if (!(bytes instanceof Promise)) return this.#keep(this.#verified(bytes.slice(), ref));
      // Asked for again below, where it is awaited.
      bytes.catch(() => {});
      return null;
    } catch (error) {
      if (error instanceof GuestkitError) return null;
      throw error;
    }
  }

  async #tryAll(ref: NodeRef): Promise<Node> {
    const { volume } = this;
    let first: GuestkitError | null = null;
    for (let way = 0; way < volume.ways(ref.address); way++) {
      try {
        const bytes = await volume.read(ref.address, volume.sb.raw.nodesize, way);
        const node = this.#verified(bytes.slice(), ref);
        if (first) this.#tell(ref, first);
        return this.#keep(node);
      } catch (error) {
        if (!(error instanceof GuestkitError)) throw error;
        first ??= error;
      }
    }
    throw first as GuestkitError;
  }

  /** A device that is missing was told of once, when the file system was opened. */
  #tell(ref: NodeRef, { code, message }: GuestkitError): void {
    if (code === "E_BTRFS_DEVICE") return;
    this.volume.notes.mended(`block ${ref.address}`, message.slice(message.indexOf(": ") + 2));
  }

  #keep(node: Node): Node {
    this.#nodes.set(node.address, node);
    return node;
  }

  #verified(bytes: Uint8Array, ref: NodeRef): Node {
    const { checksum, raw } = this.volume.sb;
    const node = new Node(bytes, ref.address);
    const { view } = node;
    if (!checksum.matches(bytes, CSUM_SIZE, bytes.length, view, 0)) {
      throw this.#bad(ref, "E_BTRFS_CHECKSUM", `its ${checksum.name} checksum is not that of its content`);
    }
    if (readId(view, HEADER.bytenr) !== ref.address) {
      throw this.#bad(ref, "E_BTRFS_NODE", `it says that it stands at ${readId(view, HEADER.bytenr)}`);
    }
    if (!this.volume.uuids.has(hexOf(bytes.subarray(HEADER.fsid, HEADER.fsid + 16)))) {
      throw this.#bad(ref, "E_BTRFS_NODE", "it belongs to another file system");
    }
    const wrong = differs(node, ref) ?? node.wrong(raw.sectorsize);
    if (wrong !== null) throw this.#bad(ref, "E_BTRFS_NODE", wrong);
    return node;
  }

  #bad(ref: NodeRef, code: string, what: string): GuestkitError {
    return this.volume.fault(code, { thing: `the tree block at address ${ref.address}`, what, address: ref.address });
  }
}

/** How a block is not what its parent says. */
function differs(node: Node, { level, generation, first }: NodeRef): string | null {
  if (node.level !== level) return `its level is ${node.level}, and its parent says ${level}`;
  if (node.generation !== generation) return `its generation is ${node.generation}, and its parent says ${generation}`;
  if (first === null) return null;
  if (node.count === 0) return "it is empty";
  return compareStored(node.view, node.keyAt(0), first) === 0 ? null : "its first key is not what its parent says";
}
