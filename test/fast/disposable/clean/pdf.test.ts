import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { writePdf } from "../../../../core/disposable/clean/pdf.ts";
import { pixelPages } from "../../../../core/disposable/clean/pdf-cleaner.ts";
import { openResult } from "../../../../core/disposable/clean/result-disk.ts";
import { type Entry, resultTar } from "../../../support/result-tar.ts";
import { scratch } from "../../../support/scratch.ts";

const folder = await scratch("pdf");
let count = 0;

async function pdfOf(...entries: readonly Entry[]): Promise<string> {
  const path = join(folder, `disk-${count++}`);
  await writeFile(path, resultTar([...entries, { name: "end" }]));
  await using result = await openResult(path, { files: 10, fileBytes: 1 << 20 });
  const pieces: Uint8Array[] = [];
  await writePdf(pixelPages(result), 150, async (bytes) => void pieces.push(Uint8Array.from(bytes)));
  return Buffer.concat(pieces).toString("latin1");
}

const picture = (kind: string, width: number, height: number, pixels: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${kind}\n${width} ${height}\n255\n`), pixels]);

const RGB = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]);

/** The pixels of an image's stream: rows of PNG's filter "up". */
function pixelsOf(pdf: string, channels: number): number[] {
  const [, width, length] = /\/Width (\d+)[^>]*>>[^>]*\/Length (\d+) 0 R/.exec(pdf) ?? [];
  const bytes = Number(new RegExp(`\n${length} 0 obj\n(\\d+)\n`).exec(pdf)?.[1]);
  const start = pdf.indexOf("stream\n", pdf.indexOf("/Subtype /Image")) + 7;
  const rows = inflateSync(Buffer.from(pdf.slice(start, start + bytes), "latin1"));
  const row = Number(width) * channels;
  const pixels: number[] = [];
  for (let at = 0; at < rows.length; at += row + 1) {
    expect(rows[at]).toBe(2);
    for (let x = 1; x <= row; x++) pixels.push(((rows[at + x] ?? 0) + (pixels[pixels.length - row] ?? 0)) % 256);
  }
  return pixels;
}

it("puts colours and greys into images as they are, and offsets into the table", async () => {
  const pdf = await pdfOf({ name: "1", content: picture("P6", 2, 2, RGB) });
  expect(pixelsOf(pdf, 3)).toEqual([...RGB]);
  const grey = await pdfOf({ name: "1", content: picture("P5", 3, 2, RGB.subarray(0, 6)) });
  expect(pixelsOf(grey, 1)).toEqual([255, 0, 0, 0, 255, 0]);
  const table = [...pdf.matchAll(/^(\d{10}) 00000 n $/gm)].map(([, at]) => pdf.slice(Number(at)).split(" ")[0]);
  expect(table).toEqual(["1", "2", "3", "4", "5", "6"]);
  expect(pdf.slice(Number(/startxref\n(\d+)/.exec(pdf)?.[1])).startsWith("xref\n0 7\n")).toBe(true);
});

it("says nothing but pages and images", async () => {
  const page = picture("P6", 2, 2, RGB);
  const pdf = await pdfOf({ name: "1", content: page }, { name: "2", content: page });
  expect(pdf).toContain("/Count 2");
  expect(pdf).not.toMatch(/Font|Info|Producer|Date|JavaScript|EmbeddedFile|Annot/);
});

const page = { name: "1", content: picture("P6", 2, 2, RGB) };

it.each<[string, readonly Entry[], RegExp]>([
  ["pixels that are missing", [{ name: "1", content: picture("P6", 2, 3, RGB) }], /not the pixels that it says/],
  ["pixels too many", [{ name: "1", content: picture("P6", 2, 1, RGB) }], /not the pixels that it says/],
  ["another format", [{ name: "1", content: "\x89PNG\r\n\x1a\n" }], /no picture/],
  ["a PDF", [{ name: "1", content: "%PDF-1.7\n" }], /no picture/],
  ["deep colours", [{ name: "1", content: "P6\n1 1\n65535\n123456" }], /no picture/],
  ["a comment in the head", [{ name: "1", content: "P6\n# hi\n1 1\n255\n123" }], /no picture/],
  ["no width", [{ name: "1", content: "P6\n0 5\n255\n" }], /0 × 5 pixels/],
  ["a picture too large", [{ name: "1", content: "P6\n20000 20000\n255\n" }], /20000 × 20000 pixels, more than/],
  ["a side too long", [{ name: "1", content: "P5\n99999 1\n255\n" }], /99999 × 1 pixels/],
  ["an empty file", [{ name: "1", content: "" }], /no picture/],
  ["pages out of order", [{ ...page, name: "2" }, page], /"2" is not page 1/],
  ["a page that is left out", [page, { ...page, name: "3" }], /"3" is not page 2/],
  ["another name", [page, { ...page, name: "status" }], /"status" is not page 2/],
  ["no pages", [], /no pages/],
])("refuses %s", async (_, entries, why) => {
  await expect(pdfOf(...entries)).rejects.toThrow(why);
});
