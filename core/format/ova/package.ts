import { GuestkitError } from "../../kit/errors.ts";
import { printable } from "../../kit/name.ts";
import { attributeOf, localName, parseXml, type XmlElement } from "../../kit/xml.ts";
import type { ByteSource } from "../../source/source.ts";
import { damaged } from "./fault.ts";

/** A disk of an appliance that has a file. */
export interface PackagedDisk {
  /** The file's name as it is written. */
  readonly file: string;
  /** Bytes of the file as it is stored; null where that is not said. */
  readonly size: number | null;
  /** How the file is compressed as a whole; null where it is not. */
  readonly compression: string | null;
  /** The file is cut into members of a number each. */
  readonly isChunked: boolean;
  /** It holds what is different from another disk. */
  readonly hasParent: boolean;
}

/** The disks that a descriptor names, in its order. Throws `E_OVA_DESCRIPTOR`. @param at where it stands in `source` */
export function parseOvf(text: string, source: ByteSource, at: number): readonly PackagedDisk[] {
  const root = envelopeOf(text, source, at);
  const files = new Map(within(root, "References", "File").map((each) => [attributeOf(each, "id") ?? "", each]));
  return within(root, "DiskSection", "Disk").flatMap((disk) => {
    const reference = attributeOf(disk, "fileRef");
    if (reference === null) return [];
    const file = files.get(reference);
    if (!file)
      throw damaged(source, "DESCRIPTOR", at, `its disk names the file "${printable(reference)}", which it has not`);
    return [diskOf(disk, file)];
  });
}

function envelopeOf(text: string, source: ByteSource, at: number): XmlElement {
  try {
    const root = parseXml(text);
    if (localName(root.name) === "Envelope") return root;
    throw damaged(source, "DESCRIPTOR", at, `its descriptor's root is "${printable(root.name)}"`);
  } catch (error) {
    throw error instanceof GuestkitError ? error.within({ file: source.name, offset: at }) : error;
  }
}

const within = (root: XmlElement, section: string, name: string): readonly XmlElement[] =>
  root.children
    .filter((each) => localName(each.name) === section)
    .flatMap(({ children }) => children.filter((each) => localName(each.name) === name));

function diskOf(disk: XmlElement, file: XmlElement): PackagedDisk {
  const compression = attributeOf(file, "compression") ?? "identity";
  const size = attributeOf(file, "size") ?? "";
  return {
    file: attributeOf(file, "href") ?? "",
    size: /^\d{1,15}$/.test(size) ? Number(size) : null,
    compression: compression === "identity" || compression === "" ? null : compression,
    isChunked: attributeOf(file, "chunkSize") !== null,
    hasParent: (attributeOf(disk, "parentRef") ?? "") !== "",
  };
}
