import { type Code, fillBytes, i32, local, moduleOf, repeat, v128 } from "./wasm.ts";

// Known to TypeScript's library in browsers alone.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** The state after the first `length` bytes of the message, from `seed`. */
  run(length: number, seed: number): number;
}

/**
 * x^290 + x^136 + x^113 + x^107 + x^32 + 1 is a multiple of Castagnoli's polynomial. So is its eighth power, in which each
 * exponent counts bytes: a byte can be taken out of a message and added (xor) to those 154, 177, 183, 258 and 290 behind it
 * instead, and the remainder stays the same. Of the multiples with so few terms it is a low one that leads far enough ahead
 * (154): what was just written cannot be read at once. The idea is Russell's ("Chorba", 2024).
 */
const AHEAD = [154, 177, 183, 258, 290] as const;
/** Bytes that are left and summed by tables, eight at a time: at least the last of those. */
const REST = 296;
/** Bytes of a vector. */
const LANE = 16;

/** Bytes of a message: what is shorter is summed sooner without. */
const LEAST = 512;
export const MOST = 16 << 10;
/** Where in memory tables and message stand; its bytes as they were taken out, with zeros before them; and what is left. */
const TABLES = 0;
const MESSAGE = TABLES + 8 * 1024;
const TAKEN = MESSAGE + MOST + 2048;
const LEFT = TAKEN + MOST;

/** Bytes that are summed without it before the module is made, which takes as long as a megabyte: short commands have fewer. */
let spared = 256 << 10;
/** Not where the engine has no compiler (`node --jitless`). */
const isCompiled = typeof WebAssembly !== "undefined";

/** Whether `length` bytes are summed sooner by `fold`. */
export function isFolded(length: number): boolean {
  if (!isCompiled || length < LEAST) return false;
  if (spared > 0) spared -= length;
  return spared <= 0;
}

let made: ReturnType<typeof make> | undefined;

/** The CRC-32C state after `data[start, end)`, from `seed`; from `LEAST` to `MOST` bytes. `tables` are those of slicing by 8. */
export function fold(tables: Int32Array, seed: number, data: Uint8Array, start: number, end: number): number {
  made ??= make(tables);
  made.message.set(data.subarray(start, end));
  return made.run(end - start, seed);
}

function make(tables: Int32Array) {
  const { memory, run } = new WebAssembly.Instance(new WebAssembly.Module(code())).exports as Exports;
  new Int32Array(memory.buffer, TABLES, tables.length).set(tables);
  return { run, message: new Uint8Array(memory.buffer, MESSAGE, MOST) };
}

// Locals: the two parameters come first.
const LENGTH = 0;
const STATE = 1;
const AT = 2;
const CUT = 3;
const WORD = 4;
const get = local.get;

function code(): Uint8Array {
  const first = i32.const(MESSAGE);
  return moduleOf(
    [LENGTH, STATE],
    [AT, CUT, WORD],
    [...first, ...first, ...i32.load(0), ...get(STATE), ...i32.xor, ...i32.store(0)],
    [...get(LENGTH), ...i32.const(REST), ...i32.sub, ...local.set(CUT)],
    foldUpTo(CUT, get(AT), TAKEN),
    // What is left is added to nothing more.
    [...get(CUT), ...i32.const(TAKEN), ...i32.add, ...i32.const(0), ...i32.const(REST), ...fillBytes],
    [...get(CUT), ...local.set(AT)],
    foldUpTo(LENGTH, [...get(AT), ...get(CUT), ...i32.sub], LEFT),
    [...i32.const(0), ...local.set(AT), ...i32.const(0), ...local.set(STATE)],
    repeat(sumEight(), onward(8), [...get(AT), ...i32.const(REST), ...i32.ltU]),
    get(STATE),
  );
}

/** Each byte from `AT` on with what comes to it of those before, to `address` past `target`. */
function foldUpTo(end: number, address: Code, target: number): Code {
  const before = AHEAD.flatMap((bytes) => [...get(AT), ...v128.load(TAKEN - bytes), ...v128.xor]);
  const byte = [...get(AT), ...v128.load(MESSAGE), ...before];
  return repeat(address, byte, v128.store(target), onward(LANE), [...get(AT), ...get(end), ...i32.ltU]);
}

function onward(bytes: number): Code {
  return [...get(AT), ...i32.const(bytes), ...i32.add, ...local.set(AT)];
}

/** The state after eight bytes more of what is left. */
function sumEight(): Code {
  const word = (offset: number) => [...get(AT), ...i32.load(LEFT + offset)];
  return [
    ...[...word(0), ...get(STATE), ...i32.xor, ...local.set(WORD), ...lookUp([7, 6, 5, 4])],
    ...[...word(4), ...local.set(WORD), ...lookUp([3, 2, 1, 0]), ...i32.xor, ...local.set(STATE)],
  ];
}

/** What these tables have for the word's bytes, the lowest one first; added. */
function lookUp(tables: readonly number[]): Code {
  return tables.flatMap((table, index) => {
    const byte = [...get(WORD), ...i32.const(8 * index), ...i32.shrU, ...i32.const(0xff), ...i32.and];
    const entry = [...byte, ...i32.const(2), ...i32.shl, ...i32.load(TABLES + 1024 * table)];
    return index === 0 ? entry : [...entry, ...i32.xor];
  });
}
