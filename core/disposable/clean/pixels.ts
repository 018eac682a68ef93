import type { ResultFile } from "./result-disk.ts";
import { bad } from "./result-disk.ts";

/** A page as nothing but pixels: what comes out of it can be no more than a picture. */
export interface PixelPage {
  readonly width: number;
  readonly height: number;
  /** Bytes a pixel: 1 is grey, 3 is red, green, blue. */
  readonly channels: 1 | 3;
  /** Rows from the top, in pieces of any length. */
  readonly pixels: AsyncIterable<Uint8Array>;
}

/** 20 000 pixels a side are 3.4 m at 150 dpi. */
const LONGEST_SIDE = 20_000;
const HEAD = 32;

/**
 * A page in one of the formats of Netpbm, PPM (P6) or PGM (P5) with one byte a value, as pdftoppm writes them. Throws
 * `E_CLEAN_RESULT` where it is no such picture, or not exactly as long as it says.
 */
export async function pixelPage(file: ResultFile, mostPixels: number): Promise<PixelPage> {
  const head = await firstBytes(file);
  const match = /^P([56])\n(\d{1,5}) (\d{1,5})\n255\n/.exec(head);
  if (!match) throw bad(`"${file.name}" is no picture`);
  const [text, kind, width, height] = [match[0], match[1], Number(match[2]), Number(match[3])];
  const channels = kind === "6" ? 3 : 1;
  if (width < 1 || height < 1 || Math.max(width, height) > LONGEST_SIDE || width * height > mostPixels) {
    throw bad(`"${file.name}" has ${width} × ${height} pixels, more than ${mostPixels} in all`);
  }
  if (file.size !== text.length + width * height * channels) {
    throw bad(`"${file.name}" has not the pixels that it says`);
  }
  return { width, height, channels, pixels: file.stream(text.length) };
}

async function firstBytes(file: ResultFile): Promise<string> {
  for await (const piece of file.stream()) return Buffer.from(piece.subarray(0, HEAD)).toString("latin1");
  return "";
}
