/** rpm's own database in one file, Packages.db (rpm 4.14 and later; SUSE): lib/backend/ndb/rpmpkg.c. */
import { type Eventual, whenHere } from "../../../kit/eventual.ts";
import { hasMagic } from "../../../kit/magic.ts";
import { struct, u32 } from "../../../kit/struct.ts";
import { type ByteSource, stream } from "../../../source/source.ts";
import { Windows } from "../../../source/windows.ts";
import { type Pieces, PlacedPieces } from "../../pieces.ts";
import { MAX_PACKAGES } from "../package.ts";
import { damaged } from "./fault.ts";
import type { Visit } from "./header.ts";

const header = struct("rpmpkg header", "little", 32, { version: u32(4), slotPages: u32(12) });
const slot = struct("rpmpkg slot", "little", 16, { package: u32(4), block: u32(8), blocks: u32(12) });
const blobHead = struct("rpmpkg blob head", "little", 16, { package: u32(4), length: u32(12) });

const PAGE = 4096;
const BLOCK = 16;
/** Behind a blob: its checksum, its length, and a mark. */
const TAIL = 12;
const MAX_SLOT_PAGES = 4096;

/** Bytes read at once, and how many such are kept: most headers have fewer, so that hardly a smaller one would be passed over. */
const WINDOW = 256 << 10;
const WINDOWS = 2;

interface Reading {
  readonly file: ByteSource;
  readonly windows: Windows;
  /** The blob that was asked for last. */
  readonly blob: PlacedPieces;
  /** Bytes that blobs may still take: no two lie over one another. */
  left: number;
}

/** Shows the headers, as they lie in the file. Throws `E_RPM_NDB`. */
export async function eachOfNdb(file: ByteSource, visit: Visit): Promise<void> {
  const windows = new Windows(file, WINDOW, WINDOWS);
  const reading: Reading = { file, windows, blob: new PlacedPieces(windows), left: file.size };
  const slots = await readSlots(file);
  for (const { index, offset, room } of slots.sort((a, b) => a.offset - b.offset)) {
    const blob = openBlob(reading, index, offset, room);
    await visit(blob instanceof Promise ? await blob : blob);
  }
}

/** Where a package lies; bytes. */
type Slot = { readonly index: number; readonly offset: number; readonly room: number };

async function readSlots(file: ByteSource): Promise<Slot[]> {
  const found: Slot[] = [];
  let start = 0;
  for await (const piece of stream(file, { end: await endOfSlots(file), chunk: 16 * PAGE })) {
    for (let at = start === 0 ? header.size : 0; at < piece.length; at += slot.size) {
      if (!hasMagic(piece, at, "Slot")) throw damaged(file.name, "NDB", start + at, "a slot bears no mark");
      const { package: index, block, blocks } = slot.decode(piece, at);
      if (block !== 0) found.push({ index, offset: block * BLOCK, room: blocks * BLOCK });
    }
    start += piece.length;
    if (found.length > MAX_PACKAGES)
      throw damaged(file.name, "NDB", start, `it has more than ${MAX_PACKAGES} packages`);
  }
  return found;
}

/** Bytes. */
async function endOfSlots(file: ByteSource): Promise<number> {
  const wrong = (offset: number, what: string) => damaged(file.name, "NDB", offset, what);
  if (file.size < PAGE) throw wrong(0, `it has only ${file.size} bytes`);
  const head = await file.read(0, header.size);
  const { version, slotPages } = header.decode(head);
  if (!hasMagic(head, 0, "RpmP")) throw wrong(0, "it does not begin as one");
  if (version !== 0) throw wrong(4, `version ${version} is not known`);
  if (slotPages === 0 || slotPages > MAX_SLOT_PAGES || slotPages * PAGE > file.size) {
    throw wrong(12, `it has ${slotPages} pages of slots`);
  }
  return slotPages * PAGE;
}

function openBlob(reading: Reading, index: number, offset: number, room: number): Eventual<Pieces> {
  const { file, windows, blob } = reading;
  const wrong = (what: string) => damaged(file.name, "NDB", offset, `package ${index} ${what}`);
  if (offset + room > file.size || room < blobHead.size + TAIL) throw wrong(`has ${room} bytes at ${offset}`);
  reading.left -= room;
  if (reading.left < 0) throw wrong("lies over another");
  return whenHere(windows.read(offset, blobHead.size), (head) => {
    const found = blobHead.decode(head);
    if (!hasMagic(head, 0, "BlbS") || found.package !== index) throw wrong("is not where its slot says");
    const size = found.length;
    if (blobHead.size + size + TAIL > room) throw wrong(`has ${size} bytes, and room for ${room}`);
    return blob.begin(size, offset + blobHead.size);
  });
}
