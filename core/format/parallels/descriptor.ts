import { GuestkitError } from "../../kit/errors.ts";
import { printable } from "../../kit/name.ts";
import { childOf, parseXml, textOf, type XmlElement } from "../../kit/xml.ts";
import type { ByteSource } from "../../source/source.ts";
import { damaged } from "./fault.ts";
import { Limit, SECTOR } from "./layout.ts";

/** A file that holds a stretch of the disk as it was at one snapshot. */
export interface StoredImage {
  readonly guid: string;
  readonly isPlain: boolean;
  readonly file: string;
}

/** A stretch of the disk. */
export interface Storage {
  /** Bytes. */
  readonly length: number;
  readonly images: readonly StoredImage[];
}

/** What DiskDescriptor.xml says of its disk. */
export interface DiskDescriptor {
  /** In the disk's order. */
  readonly storages: readonly Storage[];
  /** GUIDs of the present state, of what it stands on, and so on. */
  readonly chain: readonly string[];
}

const NOTHING = "{00000000-0000-0000-0000-000000000000}";
/** Of the present state, where the descriptor does not say another. */
const TOP = "{5fbaabe3-6958-40ff-92a7-860e329aab41}";
const ROOT = "Parallels_disk_image";

/** Throws `E_PARALLELS_DESCRIPTOR`, `E_PARALLELS_ENCRYPTED`, `E_PARALLELS_CHAIN`. */
export function parseDiskDescriptor(text: string, source: ByteSource): DiskDescriptor {
  const root = documentOf(text, source);
  const parameters = childOf(root, "Disk_Parameters") ?? root;
  refuseEncrypted(parameters, source);
  const size = sectorsOf(parameters, "Disk_size", source);
  const storages = (childOf(root, "StorageData")?.children ?? []).filter(({ name }) => name === "Storage");
  let end = 0;
  const all = storages.map((each) => {
    const [start, next] = [sectorsOf(each, "Start", source), sectorsOf(each, "End", source)];
    if (start !== end || next <= start) throw refuse(source, `a stretch of it goes from sector ${start} to ${next}`);
    end = next;
    return { length: (next - start) * SECTOR, images: imagesOf(each, source) };
  });
  if (end !== size) throw refuse(source, `its stretches have ${end} sectors, and it has ${size}`);
  if (all.reduce((sum, { images }) => sum + images.length, 0) > Limit.maxFiles) {
    throw refuse(source, `it names more than ${Limit.maxFiles} files`);
  }
  return { storages: all, chain: chainOf(root, all, source) };
}

function documentOf(text: string, source: ByteSource): XmlElement {
  try {
    const root = parseXml(text);
    if (root.name === ROOT) return root;
    throw refuse(source, `its root is "${printable(root.name)}"`);
  } catch (error) {
    throw error instanceof GuestkitError ? error.within({ file: source.name, offset: 0 }) : error;
  }
}

function refuseEncrypted(parameters: XmlElement, source: ByteSource): void {
  const encryption = childOf(parameters, "Encryption");
  const engine = encryption ? textOf(encryption, "Engine") : "";
  if (engine === "" || engine === NOTHING) return;
  throw new GuestkitError(
    "E_PARALLELS_ENCRYPTED",
    `Cannot open "${source.name}": it is encrypted (${printable(engine)})`,
    {
      at: { file: source.name },
      help: "Decrypt it where it was made: prl_disk_tool, or the settings of its machine.",
    },
  );
}

function sectorsOf(element: XmlElement, name: string, source: ByteSource): number {
  const text = textOf(element, name);
  const sectors = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(sectors * SECTOR)) return sectors;
  throw refuse(source, `${name} is "${printable(text.slice(0, 80))}"`);
}

function imagesOf(storage: XmlElement, source: ByteSource): readonly StoredImage[] {
  return storage.children
    .filter(({ name }) => name === "Image")
    .map((each) => {
      const type = textOf(each, "Type");
      if (type !== "Plain" && type !== "Compressed")
        throw refuse(source, `it has an image of type "${printable(type)}"`);
      return { guid: textOf(each, "GUID").toLowerCase(), isPlain: type === "Plain", file: textOf(each, "File") };
    });
}

function chainOf(root: XmlElement, storages: readonly Storage[], source: ByteSource): readonly string[] {
  const snapshots = childOf(root, "Snapshots");
  const shots = (snapshots?.children ?? []).filter(({ name }) => name === "Shot");
  const parents = new Map(
    shots.map((each) => [textOf(each, "GUID"), textOf(each, "ParentGUID")].map(lower) as [string, string]),
  );
  const only = storages[0]?.images.length === 1 ? storages[0].images[0]?.guid : undefined;
  const top = lower(snapshots ? textOf(snapshots, "TopGUID") : "") || (parents.size === 0 ? only : undefined) || TOP;
  const chain: string[] = [];
  for (let at: string = top; at !== NOTHING && at !== ""; at = parents.get(at) ?? NOTHING) {
    if (chain.includes(at) || chain.length >= Limit.maxChain) {
      throw damaged(
        source,
        "CHAIN",
        0,
        `its snapshots form a loop, or more than ${Limit.maxChain} stand on one another`,
      );
    }
    chain.push(at);
  }
  return chain;
}

const lower = (text: string): string => text.toLowerCase();

const refuse = (source: ByteSource, what: string): GuestkitError => damaged(source, "DESCRIPTOR", 0, what);
