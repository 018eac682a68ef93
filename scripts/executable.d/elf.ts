/**
 * Lays a blob into an ELF program as a note, where Node looks for what it is to run. The program headers, and then the note, go
 * behind all else in a loaded segment of their own. Sections, which nothing that runs needs, are left out: the debugger's
 * tables are a seventh of Node. See elf(5) and https://nodejs.org/api/single-executable-applications.html
 */

/** Offsets in the header of a 64-bit file. */
const HEADER = { e_phoff: 0x20, e_shoff: 0x28, e_phnum: 0x38, e_shnum: 0x3c, e_shstrndx: 0x3e } as const;
/** Offsets in a program header, and its size. */
const SEGMENT = { p_offset: 0x08, p_vaddr: 0x10, p_paddr: 0x18, p_filesz: 0x20, p_memsz: 0x28, p_align: 0x30 } as const;
const SEGMENT_SIZE = 0x38;
const PT = { LOAD: 1, NOTE: 4, PHDR: 6 } as const;
const PF_R = 4;
/** The largest page of the architectures that we know. */
const PAGE = 0x10000;
/** Stands once in Node's data; what follows it tells whether there is a blob. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:";
const NOTE = "NODE_SEA_BLOB";

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
  readonly memorySize: number;
  readonly align: number;
}

/** The program with the blob in it. Throws where it is no little-endian 64-bit ELF program with Node's fuse. */
export function injectBlob(program: Uint8Array, blob: Uint8Array): Uint8Array {
  if (Buffer.from(program.subarray(0, 6)).toString("latin1") !== "\x7fELF\x02\x01")
    throw new Error("it is no ELF program");
  const headers = headersOf(program);
  const loads = headers.map(segmentOf).filter(({ type }) => type === PT.LOAD);
  const base = Math.min(...loads.map(({ address, offset }) => address - offset));
  const fileEnd = Math.max(...loads.map(({ offset, size }) => offset + size));
  const memoryEnd = Math.max(...loads.map(({ address, memorySize }) => address + memorySize));
  // The same distance of place and address as in the first segment: kernels before 5.18 reckon with it.
  const offset = Math.ceil(Math.max(fileEnd, memoryEnd - base) / PAGE) * PAGE;
  const address = base + offset;
  const note = noteOf(blob);
  const table = (headers.length + 2) * SEGMENT_SIZE;
  const added = [
    headerOf({ type: PT.LOAD, offset, address, size: table + note.length, align: PAGE }),
    headerOf({ type: PT.NOTE, offset: offset + table, address: address + table, size: note.length, align: 4 }),
  ];
  const moved = headers.map((each) =>
    segmentOf(each).type === PT.PHDR ? headerOf({ type: PT.PHDR, offset, address, size: table, align: 8 }) : each,
  );
  const front = Buffer.alloc(offset);
  front.set(program.subarray(0, fileEnd));
  pointTo(front, offset, headers.length + 2);
  blowFuse(front);
  return Buffer.concat([front, ...moved, ...added, note]);
}

function headersOf(program: Uint8Array): readonly Uint8Array[] {
  const view = viewOf(program);
  const start = Number(view.getBigUint64(HEADER.e_phoff, true));
  return Array.from({ length: view.getUint16(HEADER.e_phnum, true) }, (_, index) =>
    program.subarray(start + index * SEGMENT_SIZE, start + (index + 1) * SEGMENT_SIZE),
  );
}

function segmentOf(header: Uint8Array): Segment {
  const view = viewOf(header);
  const number = (at: number) => Number(view.getBigUint64(at, true));
  return {
    type: view.getUint32(0, true),
    offset: number(SEGMENT.p_offset),
    address: number(SEGMENT.p_vaddr),
    size: number(SEGMENT.p_filesz),
    memorySize: number(SEGMENT.p_memsz),
    align: number(SEGMENT.p_align),
  };
}

/** Of something that is only read. */
function headerOf({ type, offset, address, size, align }: Omit<Segment, "memorySize">): Uint8Array {
  const header = new Uint8Array(SEGMENT_SIZE);
  const view = viewOf(header);
  view.setUint32(0, type, true);
  view.setUint32(4, PF_R, true);
  const { p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align } = SEGMENT;
  for (const [at, value] of [
    [p_offset, offset],
    [p_vaddr, address],
    [p_paddr, address],
    [p_filesz, size],
    [p_memsz, size],
    [p_align, align],
  ] as const)
    view.setBigUint64(at, BigInt(value), true);
  return header;
}

/** Sizes of name and content, a type that nobody asks for, and both, each filled up to 4 bytes. */
function noteOf(content: Uint8Array): Uint8Array {
  const name = Buffer.from(`${NOTE}\0`);
  const padded = (length: number) => Math.ceil(length / 4) * 4;
  const note = new Uint8Array(12 + padded(name.length) + padded(content.length));
  const view = viewOf(note);
  view.setUint32(0, name.length, true);
  view.setUint32(4, content.length, true);
  note.set(name, 12);
  note.set(content, 12 + padded(name.length));
  return note;
}

function pointTo(program: Uint8Array, table: number, count: number): void {
  const view = viewOf(program);
  view.setBigUint64(HEADER.e_phoff, BigInt(table), true);
  view.setUint16(HEADER.e_phnum, count, true);
  view.setBigUint64(HEADER.e_shoff, 0n, true);
  view.setUint16(HEADER.e_shnum, 0, true);
  view.setUint16(HEADER.e_shstrndx, 0, true);
}

function blowFuse(program: Buffer): void {
  const at = program.indexOf(FUSE);
  const state = at + FUSE.length;
  if (at < 0 || program.indexOf(FUSE, state) >= 0 || program.toString("latin1", state, state + 1) !== "0")
    throw new Error("it is no Node that takes a program");
  program.write("1", state, "latin1");
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
