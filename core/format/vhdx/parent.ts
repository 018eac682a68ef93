import type { ByteSource } from "../../source/source.ts";
import type { Image } from "../format.ts";
import { openLinked } from "../linked-parent.ts";
import type { Asker } from "../named.ts";
import { parentNames } from "../windows-path.ts";
import { faults, unknownFeature } from "./fault.ts";
import { Limit, locatorEntry, locatorHeader, VHDX_LOCATOR } from "./layout.ts";
import type { Stretch } from "./regions.ts";

const { damaged } = faults;

/**
 * Opens the parent that a locator in `file` names: its path, and the GUID that its data had when the child was made.
 * Throws `E_VHDX_LOCATOR`, `E_VHDX_FEATURE`, `E_IMAGE_*`.
 */
export async function openVhdxParent(
  asker: Asker,
  file: ByteSource,
  place: Stretch,
): Promise<NonNullable<Image["backing"]>> {
  const said = await readLocator(file, place);
  const names = ["relative_path", "absolute_win32_path", "volume_path"].map((key) => said.get(key) ?? "");
  const links = ["parent_linkage", "parent_linkage2"].flatMap((key) => said.get(key)?.toLowerCase() ?? []);
  if (links.length === 0)
    throw damaged(file, "LOCATOR", place.offset, "it does not say which state of its parent it is of");
  return openLinked(asker, {
    names: parentNames(names, file.name),
    format: "vhdx",
    mismatch: ({ details }) =>
      links.includes(`{${details.data_write_guid}}`)
        ? null
        : `its data are of the state ${details.data_write_guid}, and the parent's were of ${links[0]}`,
  });
}

async function readLocator(file: ByteSource, { offset, length }: Stretch): Promise<ReadonlyMap<string, string>> {
  if (length < locatorHeader.size || length > Limit.maxLocator) {
    throw damaged(file, "LOCATOR", offset, `its parent's locator is ${length} bytes`);
  }
  const bytes = await file.read(offset, length);
  const { type, keyValueCount } = locatorHeader.decode(bytes);
  if (type !== VHDX_LOCATOR) throw unknownFeature(file, offset, `a parent's locator of the type ${type}`);
  const end = locatorHeader.size + keyValueCount * locatorEntry.size;
  if (keyValueCount > Limit.maxLocatorEntries || end > length) {
    throw damaged(file, "LOCATOR", offset + 18, `its parent's locator has ${keyValueCount} entries`);
  }
  const found = new Map<string, string>();
  for (let at = locatorHeader.size; at < end; at += locatorEntry.size) {
    const entry = locatorEntry.decode(bytes, at);
    const text = (start: number, size: number) => {
      if (start + size <= length) return new TextDecoder("utf-16le").decode(bytes.subarray(start, start + size));
      throw damaged(file, "LOCATOR", offset + at, "a text of its parent's locator is outside of it");
    };
    found.set(text(entry.keyOffset, entry.keyLength), text(entry.valueOffset, entry.valueLength));
  }
  return found;
}
