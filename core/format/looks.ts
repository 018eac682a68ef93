import type { ByteSource } from "../source/source.ts";
import { endsAsFixedVhd, reachesFooter } from "./fixed-vhd.ts";
import {
  BOOT_SECTOR,
  bears,
  CONTENTS,
  DMG_TRAILER,
  HEADS,
  HEADS_WITHOUT_BOOT,
  type Kind,
  type Mark,
  VHD_COOKIE,
} from "./marks.ts";
import { isAppliance, isProgram, isTarHeader } from "./no-disk.ts";
import { textKind } from "./text.ts";

const NEAR = 4096;
const HEADER = 80;
const SECTOR = 512;

/** What a file looks like. */
export interface Looks {
  /** What its bytes say that it is, disk format or none (`qcow2`, `gzip`, `html`); null for a plain disk. */
  readonly format: string | null;
  /** What it could as well be: `a GPT`, `vhd`. */
  readonly others: readonly string[];
  /** By its header it has parents or a data file: opened so, it leads to other files. */
  readonly namesFiles: boolean;
  readonly kind: Kind | null;
}

/**
 * What the bytes of a file say that it is. A real qcow2 keeps its first cluster to its header: what stands there belongs to
 * no guest, and another format's mark in it was put there to deceive. (Of clusters behind it nothing is said: guests write
 * them.) A length that no disk has is told as well.
 */
export async function looksLike(source: ByteSource): Promise<Looks> {
  const header = await source.read(0, Math.min(HEADER, source.size));
  const found = HEADS.filter((each) => bears(header, each));
  const [first] = found;
  const others = [...new Set(found.map(({ name }) => name))].slice(1);
  if (first?.name === "qcow2" && header[7] === 1) return await byHead(source, { ...first, name: "qcow" }, others);
  if (first?.name === "qcow2") return await asQcow2(source, header, others);
  if (first) return await byHead(source, first, others);
  const format = (await imageByFooter(source)) ?? (await noDisk(source));
  if (format === VHD_COOKIE.name) return await asFixedVhd(source);
  const kind = format === null ? null : isImage(format) ? "image" : "other";
  return { format, others: [], namesFiles: kind === "image", kind };
}

const isImage = (format: string): boolean =>
  [...HEADS, DMG_TRAILER].some(({ name, kind }) => name === format && kind === "image");

/** Bytes that a format keeps to itself at the start of its files. */
const OWN: Readonly<Record<string, number>> = {
  qcow: SECTOR,
  vdi: SECTOR,
  vhd: SECTOR,
  vhdx: 1 << 20,
  vmdk: 21 * SECTOR,
  qed: 4096,
  parallels: SECTOR,
};

async function byHead(source: ByteSource, { name, kind }: Mark, others: readonly string[]): Promise<Looks> {
  const contents = await contentsOf(source, Math.min(source.size, OWN[name] ?? 0));
  const footer = name === VHD_COOKIE.name && (await endsAsFixedVhd(source, true)) ? ["a fixed vhd"] : [];
  return { format: name, others: [...others, ...contents, ...footer], namesFiles: kind === "image", kind };
}

/** It has no header, and names no file. */
async function asFixedVhd(source: ByteSource): Promise<Looks> {
  const reaching = await reachesFooter(source);
  return { format: VHD_COOKIE.name, others: reaching === null ? [] : [reaching], namesFiles: false, kind: "image" };
}

async function asQcow2(source: ByteSource, head: Uint8Array, others: readonly string[]): Promise<Looks> {
  const contents = await contentsOf(source, Math.min(source.size, clusterSize(head)));
  const footer = (await endsAsFixedVhd(source)) ? ["vhd"] : [];
  const found = [...others, ...contents, ...footer];
  return { format: "qcow2", others: found, namesFiles: namesFiles(head), kind: "image" };
}

/** `backing_file_offset` stands at 8; bit 2 of version 3's incompatible features, at 72, is an external data file. */
function namesFiles(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (head.length < HEADER) return true;
  return view.getBigUint64(8) !== 0n || (view.getUint32(4) >= 3 && (view.getBigUint64(72) & 4n) !== 0n);
}

/** A few bytes each: what lies between them is nobody's to read yet. */
async function contentsOf(source: ByteSource, end: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const each of CONTENTS) {
    const [offset, magic] = each.parts[0] as Mark["parts"][number];
    if (offset + magic.length > end) continue;
    if (bears(await source.read(offset, magic.length), each, offset)) found.push(each.name);
  }
  return found;
}

/** Bytes; `cluster_bits` stands at 20, and is 21 at most. */
function clusterSize(head: Uint8Array): number {
  return head.length < 24 ? 0 : 2 ** Math.min(21, head[23] ?? 0);
}

async function imageByFooter(source: ByteSource): Promise<string | null> {
  if (await endsAsFixedVhd(source)) return VHD_COOKIE.name;
  const start = source.size - SECTOR;
  return start >= SECTOR && bears(await source.read(start, 12), DMG_TRAILER) ? DMG_TRAILER.name : null;
}

/** What is evidently no disk, by its first bytes or its length. */
async function noDisk(source: ByteSource): Promise<string | null> {
  if (source.size === 0) return "empty";
  const near = await source.read(0, Math.min(NEAR, source.size));
  const boots = bears(near, BOOT_SECTOR);
  const head = boots ? undefined : HEADS_WITHOUT_BOOT.find((each) => bears(near, each));
  if (!boots && isTarHeader(near)) return isAppliance(near) ? "ova" : "tar";
  if (head) return head.name;
  if (isProgram(near)) return "program";
  const text = textKind(near, source.size);
  if (text !== null && (await contentsOf(source, source.size)).length === 0) return text;
  return source.size % SECTOR === 0 ? null : "unaligned";
}
