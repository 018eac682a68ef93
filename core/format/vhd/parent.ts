import type { ByteSource } from "../../source/source.ts";
import type { Image } from "../format.ts";
import { openLinked } from "../linked-parent.ts";
import type { Asker } from "../named.ts";
import { parentNames, pathOfUrl } from "../windows-path.ts";
import type { DynamicHeader } from "./dynamic.ts";
import { faults } from "./footer.ts";
import { dynamicHeader, Limit, LOCATORS, parentLocator } from "./layout.ts";

const { damaged, checkRange } = faults;

/** How the codes that are known write a name. Relative ones come first. */
const CODES: Readonly<Record<string, "utf-16le" | "utf-8">> = {
  W2ru: "utf-16le",
  W2ku: "utf-16le",
  MacX: "utf-8",
};

/** Opens the parent that a differencing disk names. Throws `E_VHD_LOCATOR`, `E_IMAGE_*`. */
export async function openVhdParent(asker: Asker, header: DynamicHeader): Promise<NonNullable<Image["backing"]>> {
  const { source } = asker;
  const names = parentNames(await readNames(source, header), source.name);
  return openLinked(asker, {
    names,
    format: "vhd",
    mismatch: ({ details }) =>
      details.uuid === header.parentId ? null : `its id is ${details.uuid}, and the parent's is ${header.parentId}`,
  });
}

async function readNames(source: ByteSource, { offset, bytes }: DynamicHeader): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (let index = 0; index < LOCATORS.count; index++) {
    const at = LOCATORS.offset + index * parentLocator.size;
    const { platformCode, platformDataLength: length, platformDataOffset } = parentLocator.decode(bytes, at);
    const code = String.fromCharCode(...platformCode);
    const encoding = CODES[code];
    if (encoding === undefined || length === 0) continue;
    if (length > Limit.maxLocator)
      throw damaged(source, "LOCATOR", offset + at + 8, `its parent's name has ${length} bytes`);
    checkRange(source, "LOCATOR", "parent's name", {
      offset: platformDataOffset,
      length,
      alignment: 1,
      at: offset + at,
    });
    const text = textOf(await source.read(platformDataOffset, length), encoding);
    found.set(code, code === "MacX" ? (pathOfUrl(text) ?? "") : text);
  }
  const { parentUnicodeName } = dynamicHeader.decode(bytes);
  return [...Object.keys(CODES).map((code) => found.get(code) ?? ""), textOf(parentUnicodeName, "utf-16be")];
}

/** Up to the first NUL: names are padded with them. */
const textOf = (bytes: Uint8Array, encoding: string): string =>
  new TextDecoder(encoding).decode(bytes).replace(/\0.*$/s, "");
