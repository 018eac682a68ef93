import { printable } from "../../kit/name.ts";
import type { ByteSource } from "../../source/source.ts";
import { windowSource } from "../../source/window.ts";
import { joined } from "../joined.ts";
import { damaged, refuse } from "./fault.ts";
import { DESCRIPTOR, Limit, MANIFEST } from "./layout.ts";
import { type ListedDigest, parseManifest } from "./manifest.ts";
import { type Member, readMembers } from "./members.ts";
import { type PackagedDisk, parseOvf } from "./package.ts";

/** An archive: its members, and what its descriptor and manifest say of them. */
export interface Archive {
  readonly source: ByteSource;
  readonly members: readonly Member[];
  /** Those that its descriptor names; null without one. */
  readonly disks: readonly PackagedDisk[] | null;
  /** Empty without a manifest. */
  readonly digests: readonly ListedDigest[];
}

/** Reads all but the disks. Throws `E_OVA_*`, `E_XML_SYNTAX`. */
export async function readArchive(source: ByteSource): Promise<Archive> {
  const members = await readMembers(source);
  const [ovf, manifest] = [DESCRIPTOR, MANIFEST].map((name) => members.find((each) => isFileOf(each, name)));
  const disks = ovf ? parseOvf(await textOf(source, ovf), source, ovf.offset) : null;
  const digests = manifest ? parseManifest(await textOf(source, manifest), source, manifest.offset) : [];
  return { source, members, disks, digests };
}

const isFileOf = ({ name, isFile }: Member, ending: RegExp): boolean => isFile && ending.test(name);

async function textOf(source: ByteSource, { name, offset, size }: Member): Promise<string> {
  if (size > Limit.text) throw damaged(source, "DESCRIPTOR", offset, `its "${printable(name)}" has ${size} bytes`);
  const bytes = await source.read(offset, size);
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return new TextDecoder(isWide ? (bytes[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8").decode(bytes);
}

/** A disk of an archive: the members that it is in, in order. */
export interface ChosenDisk {
  readonly name: string;
  readonly parts: readonly Member[];
  readonly compression: string | null;
}

/** The disk in the member `wanted`, else the only one of the descriptor. Throws `E_OVA_DISKS`, `E_OVA_MEMBER`, `E_OVA_FEATURE`. */
export function chooseDisk(archive: Archive, wanted: string | null): ChosenDisk {
  const { source, disks } = archive;
  const disk = wanted === null ? onlyDisk(archive) : disks?.find(({ file }) => file === wanted);
  const name = disk?.file ?? wanted ?? "";
  if (disk?.hasParent) {
    const why = `its disk "${printable(name)}" holds what is different from another one (ovf:parentRef), which is not read`;
    throw refuse(source, "FEATURE", why, "Export the machine anew, as a whole.");
  }
  const parts = disk?.isChunked ? chunksOf(archive, name) : [memberOf(archive, name)];
  if (disk) demandSize(source, disk, parts);
  return { name, parts, compression: disk?.compression ?? null };
}

/** A member that was cut off may look like a smaller disk. */
function demandSize(source: ByteSource, { file, size }: PackagedDisk, parts: readonly Member[]): void {
  const has = parts.reduce((sum, part) => sum + part.size, 0);
  if (size === null || size === has) return;
  const what = `its member "${printable(file)}" has ${has} bytes, and its descriptor says ${size}`;
  throw damaged(source, "MEMBER", parts[0]?.offset ?? 0, what);
}

function onlyDisk({ source, members, disks }: Archive): PackagedDisk {
  if (disks === null)
    throw refuse(
      source,
      "DISKS",
      "it has no descriptor (.ovf) that says which member is its disk",
      naming(members.filter(({ isFile }) => isFile)),
    );
  const [only, ...others] = disks;
  if (only && others.length === 0) return only;
  const listed = disks
    .slice(0, SHOWN)
    .map(({ file }) => `"${printable(file)}"`)
    .join(", ");
  const why = only ? `it has ${disks.length} disks: ${listed}` : "its descriptor names no disk that has a file";
  const files = only ? disks.map(({ file }) => ({ name: file })) : members.filter(({ isFile }) => isFile);
  throw refuse(source, "DISKS", why, naming(files));
}

const SHOWN = 20;

function naming(members: readonly { readonly name: string }[]): string {
  const listed = members.slice(0, SHOWN).map(({ name }) => `"${printable(name)}"`);
  return `Say which one a disk_image is made of: source.member = one of ${listed.join(", ") || "its members"}.`;
}

/** The member of a name, which is a plain file and the only one. Throws `E_OVA_MEMBER`. */
export function memberOf({ source, members }: Archive, name: string): Member {
  const exact = members.filter((each) => each.name === name);
  const found = exact.length > 0 ? exact : members.filter((each) => each.name === unescaped(name));
  const [only, ...others] = found;
  if (only?.isFile && others.length === 0) return only;
  const what = `"${printable(name)}"`;
  if (!only) throw refuse(source, "MEMBER", `it has no member ${what}`, naming(members.filter(({ isFile }) => isFile)));
  const why = others.length > 0 ? `it has ${found.length} members ${what}` : `its member ${what} is no plain file`;
  throw refuse(source, "MEMBER", why, "Pack it anew: tar cf NEW.ova --format=ustar DESCRIPTOR.ovf DISK");
}

/** A reference is part of an address. */
function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function chunksOf(archive: Archive, name: string): readonly Member[] {
  const parts: Member[] = [];
  const names = new Set(archive.members.map((each) => each.name));
  for (let index = 0; index < Limit.chunks; index++) {
    const part = `${name}.${String(index).padStart(9, "0")}`;
    if (index > 0 && !names.has(part)) return parts;
    parts.push(memberOf(archive, part));
  }
  throw refuse(archive.source, "FEATURE", `"${printable(name)}" is in more than ${Limit.chunks} pieces`, "Join them.");
}

/** The bytes of members one behind the other, as a file of its own within the archive. */
export function memberSource({ source }: Archive, name: string, parts: readonly Member[]): ByteSource {
  const whole = `${source.name}/${printable(name)}`;
  const windows = parts.map(({ offset, size }) => windowSource(source, offset, size, whole));
  const [only, ...others] = windows;
  if (only && others.length === 0) return only;
  const stretches = windows.filter(({ size }) => size > 0).map((each) => ({ length: each.size, source: each }));
  return { name: whole, ...joined(whole, stretches), [Symbol.asyncDispose]: async () => {} };
}
