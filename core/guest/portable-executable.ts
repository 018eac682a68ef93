/** What an EFI program says of itself: machine, signature and sections (Microsoft's PE/COFF specification). */
export interface PortableExecutable {
  /** `e_machine` by libguestfs's names; null for others. */
  readonly arch: string | null;
  /** It carries a certificate table, as signed programs do. */
  readonly signed: boolean;
  readonly sections: readonly PeSection[];
}

export interface PeSection {
  readonly name: string;
  /** Bytes from the file's start. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

const MACHINES: Readonly<Record<number, string>> = {
  332: "i386",
  34404: "x86_64",
  43620: "aarch64",
  452: "arm",
  20580: "riscv64",
};
const SECTION = 40;
const MAX_SECTIONS = 96;

/** From the first bytes of a file (4 KiB hold the headers of any program here); null of what is no PE file. */
export function parsePe(head: Uint8Array): PortableExecutable | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 64 || view.getUint16(0, true) !== 0x5a4d) return null;
  const coff = view.getUint32(0x3c, true) + 4;
  if (coff + 20 + 2 > head.length || view.getUint32(coff - 4, true) !== 0x4550) return null;
  const optional = coff + 20;
  const table = optional + view.getUint16(coff + 16, true);
  const count = Math.min(view.getUint16(coff + 2, true), MAX_SECTIONS);
  const places = Array.from({ length: count }, (_, index) => table + index * SECTION);
  return {
    arch: MACHINES[view.getUint16(coff, true)] ?? null,
    signed: isSigned(view, optional, table),
    sections: places.filter((at) => at + SECTION <= head.length).map((at) => section(view, head, at)),
  };
}

/** Data directory 4; directories start at 112 in PE32+ and at 96 in PE32. */
function isSigned(view: DataView, optional: number, end: number): boolean {
  const size = optional + (view.getUint16(optional, true) === 0x20b ? 112 : 96) + 4 * 8 + 4;
  return size + 4 <= Math.min(end, view.byteLength) && view.getUint32(size, true) > 0;
}

function section(view: DataView, head: Uint8Array, at: number): PeSection {
  const name = String.fromCharCode(...head.subarray(at, at + 8)).replace(/\0.*$/s, "");
  const [virtual, raw] = [view.getUint32(at + 8, true), view.getUint32(at + 16, true)];
  return { name, offset: view.getUint32(at + 20, true), size: virtual > 0 ? Math.min(virtual, raw) : raw };
}
