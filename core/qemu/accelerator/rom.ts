/**
 * A firmware of 64 KiB that brings the processor from reset into 64-bit long mode, turns a loop there and writes to the
 * isa-debug-exit port: QEMU ends with `DONE`. What runs it has run guest code in each mode that a kernel needs.
 *
 * QEMU maps it below 4 GiB, where the processor starts, and below 1 MiB, where the code goes on.
 * Sources: Intel SDM volume 3, 9.8.5 (entering IA-32e mode) and 9.1.4 (first instruction); QEMU docs, isa-debug-exit.
 */
export const ROM_SIZE = 64 << 10;
export const EXIT_PORT = 0xf4;
/** isa-debug-exit ends QEMU with `value * 2 + 1`. */
export const DONE = 33;

/** Milliseconds for a processor, tens of them for TCG, many seconds for a KVM that emulates each instruction. */
const TURNS = 8_000_000;
const BASE = 0xf0000;
const GDT = 0x100;
const GDT_END = GDT + 4 * 8;
const PROTECTED = 0x200;
const LONG = 0x300;
const RESET = 0xfff0;
/** In RAM, zero after reset: three tables that map the first 2 MiB to themselves. */
const PML4 = 0x1000;
const PDPT = 0x2000;
const PD = 0x3000;
const EFER = 0xc0000080;

const [CODE_32, DATA_32, CODE_64] = [0x08, 0x10, 0x18];

const u16 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];
const u32 = (value: number): number[] => [...u16(value), ...u16(value >>> 16)];

export function probeRom(): Uint8Array {
  const rom = new Uint8Array(ROM_SIZE).fill(0xf4); // hlt
  rom.set(realMode(), 0);
  rom.set(descriptors(), GDT);
  rom.set(protectedMode(), PROTECTED);
  rom.set(longMode(), LONG);
  rom.set([0xe9, ...u16(-(RESET + 3))], RESET); // jmp to the ROM's start
  return rom;
}

function realMode(): number[] {
  return [
    ...[0xfa], // cli
    ...[0x2e, 0x66, 0x0f, 0x01, 0x16, ...u16(GDT_END)], // lgdt cs:[GDT_END]
    ...[0x0f, 0x20, 0xc0, 0x0c, 0x01, 0x0f, 0x22, 0xc0], // cr0 |= PE
    ...[0x66, 0xea, ...u32(BASE + PROTECTED), ...u16(CODE_32)], // jmp CODE_32:PROTECTED
  ];
}

/** Flat segments, and behind them what lgdt takes: limit and address. */
function descriptors(): number[] {
  const flat = (access: number, flags: number) => [0xff, 0xff, 0, 0, 0, access, flags, 0];
  const table = [new Array(8).fill(0), flat(0x9b, 0xcf), flat(0x93, 0xcf), flat(0x9b, 0xaf)].flat();
  return [...table, ...u16(table.length - 1), ...u32(BASE + GDT)];
}

function protectedMode(): number[] {
  const store = (address: number, value: number) => [0xc7, 0x05, ...u32(address), ...u32(value)];
  return [
    ...[0x66, 0xb8, ...u16(DATA_32), 0x8e, 0xd8], // ds = DATA_32
    ...store(PML4, PDPT | 3), // present, writable
    ...store(PDPT, PD | 3),
    ...store(PD, 0x83), // a page of 2 MiB
    ...[0xb8, ...u32(1 << 5), 0x0f, 0x22, 0xe0], // cr4 = PAE
    ...[0xb8, ...u32(PML4), 0x0f, 0x22, 0xd8], // cr3 = PML4
    ...[0xb9, ...u32(EFER), 0x31, 0xd2, 0xb8, ...u32(1 << 8), 0x0f, 0x30], // EFER = LME
    ...[0x0f, 0x20, 0xc0, 0x0d, ...u32(0x80000001), 0x0f, 0x22, 0xc0], // cr0 |= PG, PE
    ...[0xea, ...u32(BASE + LONG), ...u16(CODE_64)], // jmp CODE_64:LONG
  ];
}

function longMode(): number[] {
  return [
    ...[0xb9, ...u32(TURNS)], // ecx = TURNS
    ...[0x48, 0xff, 0xc9, 0x75, 0xfb], // dec rcx; jnz back: decodes so in long mode alone
    ...[0x66, 0xba, ...u16(EXIT_PORT), 0xb0, (DONE - 1) / 2, 0xee], // out EXIT_PORT, al
    ...[0xf4, 0xeb, 0xfd], // hlt for ever
  ];
}
