import { i32, local, moduleOf, repeat, v128 } from "./wasm.ts";

// Known to TypeScript's library in browsers alone.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

interface Fold {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Puts bytes `[from, end)` of the message, with what came to them, at `target`; sixteen at once. */
  run(from: number, end: number, target: number): void;
}

/**
 * x^290 + x^136 + x^113 + x^107 + x^32 + 1 is a multiple of Castagnoli's polynomial. So is its eighth power, in which each
 * exponent counts bytes: a byte can be taken out of a message and added (xor) to those 154, 177, 183, 258 and 290 behind it
 * instead, and the remainder stays the same. Of the multiples with so few terms it is a low one that leads far enough ahead
 * (154): what was just written cannot be read at once. The idea is Russell's ("Chorba", 2024).
 */
const DEGREE = 290;
const AHEAD = [154, 177, 183, 258, 290] as const;

/** Bytes of a vector. */
const LANE = 16;
/** Bytes of a message: what is shorter is summed sooner without, and as many as fit are folded at once. */
export const FOLDED = { least: 1 << 10, most: 16 << 10 } as const;
/** Where in memory the message stands; its bytes as they were taken out, with zeros before them; and what is left. */
const MESSAGE = 0;
const TAKEN = MESSAGE + FOLDED.most + 2048;
const LEFT = TAKEN + FOLDED.most;

/** Not where the engine has no compiler (`node --jitless`). */
export const canFold = typeof WebAssembly !== "undefined";

let made: ReturnType<typeof make> | undefined;

/**
 * About 300 bytes that have, from state 0, the CRC-32C state of `data[start, end)` from `seed`. The next call overwrites
 * them. For lengths within `FOLDED`.
 */
export function fold(seed: number, data: Uint8Array, start: number, end: number): Uint8Array {
  made ??= make();
  const { run, bytes, view } = made;
  const length = end - start;
  const cut = (length - DEGREE) & -LANE;
  bytes.set(data.subarray(start, end), MESSAGE);
  view.setInt32(MESSAGE, view.getInt32(MESSAGE, true) ^ seed, true);
  bytes.fill(0, TAKEN + cut, TAKEN + length);
  run(0, cut, TAKEN);
  run(cut, length, LEFT);
  return bytes.subarray(LEFT, LEFT + length - cut);
}

function make() {
  const { memory, run } = new WebAssembly.Instance(new WebAssembly.Module(loop())).exports as Fold;
  return { run, bytes: new Uint8Array(memory.buffer), view: new DataView(memory.buffer) };
}

function loop(): Uint8Array {
  const [at, end, target] = [local.get(0), local.get(1), local.get(2)];
  const onward = (index: number) => [...local.get(index), ...i32.const(LANE), ...i32.add, ...local.set(index)];
  const added = AHEAD.flatMap((bytes) => [...at, ...v128.load(TAKEN - bytes), ...v128.xor]);
  return moduleOf(
    3,
    repeat(target, at, v128.load(MESSAGE), added, v128.store(0), onward(0), onward(2), at, end, i32.ltU),
  );
}
