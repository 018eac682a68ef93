/**
 * As much of WebAssembly's binary format (webassembly.github.io/spec/core/binary) as a loop over memory takes: a module is put
 * together here from instructions by name, so that its source is what is read.
 */
export type Code = readonly number[];

/** Of locals: parameters come first. */
export const local = {
  get: (index: number): Code => [0x20, ...unsigned(index)],
  set: (index: number): Code => [0x21, ...unsigned(index)],
};

/** Memory operators add `offset` to the address. */
export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  load: (offset: number): Code => [0x28, 0x00, ...unsigned(offset)],
  store: (offset: number): Code => [0x36, 0x00, ...unsigned(offset)],
  add: [0x6a],
  sub: [0x6b],
  and: [0x71],
  xor: [0x73],
  shl: [0x74],
  shrU: [0x76],
  ltU: [0x49],
} as const;

/** Sixteen bytes at once; they need not be aligned. */
export const v128 = {
  load: (offset: number): Code => [0xfd, 0x00, 0x00, ...unsigned(offset)],
  store: (offset: number): Code => [0xfd, 0x0b, 0x00, ...unsigned(offset)],
  xor: [0xfd, 0x51],
} as const;

/** Of an address, a byte and a length on the stack. */
export const fillBytes: Code = [0xfc, 0x0b, 0x00];

/** Goes through `body`, and again as long as what it leaves on the stack is not 0. */
export function repeat(...body: readonly Code[]): Code {
  return [0x03, 0x40, ...body.flat(), 0x0d, 0x00, 0x0b];
}

const I32 = 0x7f;

/** A module of one page of memory and one function `run` of so many numbers, with variables of its own, that gives one. */
export function moduleOf(
  parameters: readonly number[],
  variables: readonly number[],
  ...body: readonly Code[]
): Uint8Array<ArrayBuffer> {
  const code = [0x01, ...unsigned(variables.length), I32, ...body.flat(), 0x0b];
  return Uint8Array.of(
    ...[0x00, ...ascii("asm"), 0x01, 0x00, 0x00, 0x00],
    ...section(1, [[0x60, ...unsigned(parameters.length), ...parameters.map(() => I32), 0x01, I32]]),
    ...section(3, [[0x00]]),
    ...section(5, [[0x00, 0x01]]),
    ...section(7, [
      [...name("memory"), 0x02, 0x00],
      [...name("run"), 0x00, 0x00],
    ]),
    ...section(10, [[...unsigned(code.length), ...code]]),
  );
}

function section(id: number, items: readonly Code[]): Code {
  const content = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(content.length), ...content];
}

function name(text: string): Code {
  return [...unsigned(text.length), ...ascii(text)];
}

function ascii(text: string): Code {
  return [...text].map((each) => each.charCodeAt(0));
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
