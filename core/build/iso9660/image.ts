/**
 * A small writer of ISO 9660 (ECMA-119) with Rock Ridge and Joliet names, for media that a guest is to read once: files
 * in the root directory, all in memory, the same bytes for the same input on every host. Why it is our own:
 * docs/decisions/0004-own-iso9660-writer.md.
 */
import { GuestkitError } from "../../kit/errors.ts";
import { printable } from "../../kit/name.ts";
import { directoryRecord, PATH_TABLE_SIZE, packRecords, pathTable } from "./directory.ts";
import {
  ascii,
  big32,
  both16,
  both32,
  join,
  LONG_DATE,
  little32,
  NO_DATE,
  padded,
  paddedUcs2,
  SECTOR,
  sectors,
  ucs2,
} from "./fields.ts";
import { extensionUse, fileUse, parentUse, rootUse } from "./rock-ridge.ts";

export interface IsoFile {
  /** 1 to 64 characters without `/`. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** Largest image (bytes). */
export const ISO_LIMIT = 64 << 20;

/** A file with its name in each of the two trees and the sector where it starts. */
interface Placed extends IsoFile {
  readonly plain: string;
  readonly start: number;
}

/** The same in sector numbers. Each path table has a sector of its own. */
interface Layout {
  readonly root: { readonly start: number; readonly size: number };
  readonly joliet: { readonly start: number; readonly size: number };
  readonly extension: number;
  readonly files: readonly Placed[];
  readonly total: number;
}

const FIRST_TABLE = 19;
const FIRST_DIRECTORY = FIRST_TABLE + 4;

/** The whole image. `label` is at most 16 characters. Throws `E_ISO9660_WRITE`. */
export function makeIso(label: string, files: readonly IsoFile[]): Uint8Array {
  check(label, files);
  const layout = place(files);
  const image = new Uint8Array(layout.total * SECTOR);
  const put = (sector: number, bytes: Uint8Array) => image.set(bytes, sector * SECTOR);
  put(16, descriptor(1, label, layout));
  put(17, descriptor(2, label, layout));
  put(18, join([255], ascii("CD001"), [1]));
  [layout.root, layout.joliet].forEach(({ start }, index) => {
    put(FIRST_TABLE + 2 * index, pathTable(little32(start), [1, 0]));
    put(FIRST_TABLE + 2 * index + 1, pathTable(big32(start), [0, 1]));
  });
  put(layout.root.start, rootDirectory(layout));
  put(layout.joliet.start, jolietDirectory(layout));
  put(layout.extension, extensionUse);
  for (const { start, content } of layout.files) put(start, content);
  return image;
}

function check(label: string, files: readonly IsoFile[]): void {
  const bad = files.find(({ name }) => !/^[^/\0\\:;*?]{1,64}$/.test(name) || name === "." || name === "..");
  if (bad) throw refused(`"${printable(bad.name)}" is no name of 1 to 64 characters that every guest can read`);
  const folded = files.map(({ name }) => name.toLowerCase());
  const twice = files.find(({ name }, index) => folded.indexOf(name.toLowerCase()) !== index);
  if (twice) throw refused(`"${printable(twice.name)}" is there twice`);
  if (!/^[A-Za-z0-9_]{1,16}$/.test(label)) throw refused(`"${printable(label)}" is no label of 1 to 16 letters`);
  const size = files.reduce((sum, { content }) => sum + sectors(content.length) * SECTOR, 0);
  if (size > ISO_LIMIT) throw refused(`${size} bytes are past the limit of ${ISO_LIMIT}`);
}

function refused(what: string): GuestkitError {
  return new GuestkitError("E_ISO9660_WRITE", `Cannot make an ISO 9660 image: ${what}`);
}

/** Where everything goes. A directory's size does not depend on the places that it names. */
function place(files: readonly IsoFile[]): Layout {
  const plain = plainNames(files.map(({ name }) => name));
  const sorted = files
    .map((file, index) => ({ ...file, plain: plain[index] as string, start: 0 }))
    .sort((a, b) => (a.plain < b.plain ? -1 : 1));
  const nowhere = { start: 0, size: 0 };
  const draft = { root: nowhere, joliet: nowhere, extension: 0, files: sorted, total: 0 };
  const root = { start: FIRST_DIRECTORY, size: rootDirectory(draft).length };
  const joliet = { start: root.start + sectors(root.size), size: jolietDirectory(draft).length };
  const extension = joliet.start + sectors(joliet.size);
  let next = extension + 1;
  const placed = sorted.map((file) => {
    const start = file.content.length === 0 ? 0 : next;
    next += sectors(file.content.length);
    return { ...file, start };
  });
  return { root, joliet, extension, files: placed, total: next };
}

/** Names of level 2: up to 30 capitals, digits and underscores, made different by a number. */
function plainNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base = name
      .toUpperCase()
      .replace(/[^A-Z0-9_]/g, "_")
      .slice(0, 25);
    let unique = base;
    for (let count = 1; taken.has(unique); count++) unique = `${base}_${count}`;
    taken.add(unique);
    return `${unique}.;1`;
  });
}

function rootDirectory({ root, extension, files }: Omit<Layout, "total">): Uint8Array {
  const self = { ...root, directory: true };
  return packRecords([
    directoryRecord({ ...self, name: Uint8Array.of(0), systemUse: rootUse(extension) }),
    directoryRecord({ ...self, name: Uint8Array.of(1), systemUse: parentUse }),
    ...files.map(({ plain, name, start, content }) =>
      directoryRecord({ name: ascii(plain), start, size: content.length, systemUse: fileUse(name) }),
    ),
  ]);
}

function jolietDirectory({ joliet, files }: Omit<Layout, "total">): Uint8Array {
  const self = { ...joliet, directory: true };
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return packRecords([
    directoryRecord({ ...self, name: Uint8Array.of(0) }),
    directoryRecord({ ...self, name: Uint8Array.of(1) }),
    ...sorted.map(({ name, start, content }) =>
      directoryRecord({ name: ucs2(`${name};1`), start, size: content.length }),
    ),
  ]);
}

/** ECMA-119 8.4 (type 1) and 8.5 (type 2, Joliet's). */
function descriptor(type: 1 | 2, label: string, layout: Layout): Uint8Array {
  const joliet = type === 2;
  const text = joliet ? paddedUcs2 : padded;
  const { start, size } = joliet ? layout.joliet : layout.root;
  const table = FIRST_TABLE + (joliet ? 2 : 0);
  // Names of files with legal text, of which there are none.
  const name = joliet ? join(text("", 36), [0]) : text("", 37);
  return join(
    [type],
    ascii("CD001"),
    [1, 0],
    text("", 32),
    text(label, 32),
    new Uint8Array(8),
    both32(layout.total),
    joliet ? join(ascii("%/E"), new Uint8Array(29)) : new Uint8Array(32),
    both16(1),
    both16(1),
    both16(SECTOR),
    both32(PATH_TABLE_SIZE),
    little32(table),
    little32(0),
    big32(table + 1),
    big32(0),
    directoryRecord({ name: Uint8Array.of(0), start, size, directory: true }),
    text("", 128),
    text("", 128),
    text("", 128),
    text("GUESTKIT", 128),
    name,
    name,
    name,
    LONG_DATE,
    LONG_DATE,
    NO_DATE,
    NO_DATE,
    [1, 0],
  );
}
