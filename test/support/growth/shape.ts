import type { DeviceNode } from "../../../core/disk/node.ts";
import type { FileSystem } from "../../../core/filesystem/filesystem.ts";
import type { Tree } from "../../../core/filesystem/tree.ts";
import type { User } from "../../../core/guest/accounts.ts";
import { deviceNode } from "../device-node.ts";
import { type Content, memoryTree } from "../memory-filesystem.ts";

/** A parser, or some that share an input: what is made of `size` bytes is not counted, what `run` does is. */
export interface Parser {
  readonly name: string;
  readonly make: (size: number) => Promise<() => unknown> | (() => unknown);
}

export const fill = (size: number, line: string, start = "") => start.padEnd(Math.max(size, start.length), line);
/** A name for each two bytes. */
export const fromEach = <T>(size: number, one: (index: number) => T): T[] =>
  Array.from({ length: size >> 1 }, (_, at) => one(at));
export const encode = (text: string) => new TextEncoder().encode(text);

/**
 * What makes patterns go back and loops begin anew: one long run of each kind, with something else at its end. A dot stands
 * for no separator of lines: a pattern that asks for the rest of a line goes back over all of it.
 */
export const RUNS = [
  " ",
  "\n",
  "\r",
  "a",
  "0",
  "#",
  "/",
  '"',
  "'",
  "[",
  "{",
  "${",
  ":",
  "=",
  "- ",
  "\\",
  "(",
  "a=(\n",
  "\\\n",
  "\t\n",
  "a ",
  "a:",
  "\x1b[",
  "\0",
  ",",
  "~",
];

const END = "!\u2028!";

/** Hostile texts beside an honest one of `line`s. */
export const texts = (size: number, line: string, start = ""): string[] => [
  fill(size, line, start),
  ...RUNS.map((run) => `${start}${fill(size, run)}${END}`),
  ...RUNS.map((run) => `${fill(size, run, `${start}${line.trimEnd()}`)}${END}`),
];

export const ofTexts = (name: string, line: string, run: (text: string) => unknown, start = ""): Parser => ({
  name,
  make: (size) => {
    const all = texts(size, line, start);
    return async () => {
      for (const text of all) await tolerant(() => run(text));
    };
  },
});

/** A refusal is an answer: what it cost counts. */
export async function tolerant(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) throw error;
  }
}

export const ofFile = (
  name: string,
  path: string,
  line: string,
  run: (tree: Tree) => unknown,
  more: Record<string, Content> = {},
  start = "",
): Parser => ({
  name,
  make: async (size) => {
    const trees = await Promise.all(texts(size, line, start).map((text) => memoryTree({ ...more, [path]: text })));
    return async () => {
      for (const tree of trees) await tolerant(() => run(tree));
    };
  },
});

export const ofNames = (
  name: string,
  path: (index: number) => string,
  run: (tree: Tree) => unknown,
  content: (index: number) => Content = () => "",
  more: Record<string, Content> = {},
): Parser => ({
  name,
  make: async (size) => {
    const tree = await memoryTree({ ...more, ...Object.fromEntries(fromEach(size, (at) => [path(at), content(at)])) });
    return () => run(tree);
  },
});

/** Bytes that come in small pieces. */
export function pieces(bytes: Uint8Array, push: (piece: Uint8Array) => unknown, length = 7): void {
  for (let at = 0; at < bytes.length; at += length) push(bytes.subarray(at, at + length));
}

/** The same in pieces of several sizes. */
export function pieced(size: number, line: string, run: (bytes: Uint8Array, length: number) => void): () => void {
  const bytes = encode(line.repeat(Math.ceil((16 * size) / line.length)));
  return () => {
    for (const length of [7, 64, 4096]) run(bytes, length);
  };
}

/** A disk without partitions that holds this file system. */
export const whole = (fs: FileSystem): DeviceNode =>
  deviceNode({ type: "ext4", label: "r", uuid: "u", size: 1, free: 0, fs });

/** A user for what is read of each. */
export const SOMEBODY: User = {
  ...{ name: "u", uid: 1000, gid: 1, gecos: null },
  ...{ home: "/home/u", shell: "/bin/sh", groups: [] },
};
