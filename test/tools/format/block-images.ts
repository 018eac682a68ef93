import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tools } from "./images.ts";

/** An image of a format with one table of blocks, made by QEMU's own tools; `driver` is QEMU's word for the format. */
export interface BlockRecipe {
  readonly name: string;
  readonly format: "vdi" | "vhd" | "vhdx";
  readonly driver: "vdi" | "vpc" | "vhdx";
  readonly build: (tools: Tools) => Promise<unknown>;
}

const MiB = 1 << 20;
/** No block of any of them is aligned to it; CHS rounds it up. */
const CONTENT = 21 * MiB + 1536;

/** Contents with holes. */
export async function makeContent(dir: string): Promise<void> {
  const content = Buffer.alloc(CONTENT);
  randomBytes(3 * MiB).copy(content, MiB + 4096);
  content.fill("guestkit reads what others wrote. ", 9 * MiB, 12 * MiB + 700);
  randomBytes(1536).copy(content, 21 * MiB);
  await writeFile(join(dir, "content.raw"), content);
}

/** Writes at odd places, zeros and discards. */
const SCRIBBLE = [
  "write -P 0x11 5000 3000",
  "write -P 0x22 1M 200k",
  "write -P 0x33 9M 70k",
  "write -z 1200k 64k",
  "write -z 12M 3M",
  "write -P 0x44 19M 5k",
  "discard 1M 1M",
];

function recipesOf(format: BlockRecipe["format"], driver: BlockRecipe["driver"], variants: readonly string[]) {
  const converted = variants.map((options) => ({
    ...{ format, driver, name: `${format} ${options}`.trim() },
    build: ({ img }: Tools) =>
      img("convert", "-f", "raw", "-O", driver, ...(options ? ["-o", options] : []), "content.raw", "image"),
  }));
  const scribbled = {
    ...{ format, driver, name: `${format}, written to here and there` },
    build: async ({ img, io }: Tools) => {
      await img("create", "-q", "-f", driver, "image", "23M");
      await io("image", ...SCRIBBLE);
    },
  };
  return [...converted, scribbled];
}

export const blockRecipes: readonly BlockRecipe[] = [
  ...recipesOf("vdi", "vdi", ["", "static=on"]),
  ...recipesOf("vhd", "vpc", ["", "subformat=fixed", "force_size=on", "subformat=fixed,force_size=on"]),
  ...recipesOf("vhdx", "vhdx", [
    "",
    "subformat=fixed",
    "subformat=fixed,block_state_zero=off",
    "block_size=1M,block_state_zero=off",
    "block_size=256M",
  ]),
];
