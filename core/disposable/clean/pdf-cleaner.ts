import type { Context } from "../../kit/context.ts";
import { runJob } from "./job.ts";
import { demandPackages } from "./needs.ts";
import { besideOriginal, demandFree, writeClean } from "./output.ts";
import { writePdf } from "./pdf.ts";
import { pdfScript } from "./pdf-script.ts";
import { type PixelPage, pixelPage } from "./pixels.ts";
import { bad, type Result } from "./result-disk.ts";

export interface PdfOptions {
  /** Pixels an inch. */
  readonly dpi: number;
  readonly grey: boolean;
  readonly maxPages: number;
  /** Where the clean file goes; beside the original where null. */
  readonly output: string | null;
  readonly overwrite: boolean;
  /** Bytes of the original. */
  readonly most: number;
  /** Seconds for all of it. */
  readonly timeout: number;
}

export interface PdfResult {
  readonly writtenTo: string;
  readonly pages: number;
}

/** A sheet of A3 at 600 dpi, and a little more. */
const MOST_PIXELS = 72_000_000;
const HEAD_BYTES = 64;
/** Seconds that one page may take to be drawn. */
const PAGE_SECONDS = 300;

/**
 * Makes a PDF of nothing but the pictures of another one's pages. They are drawn in a machine without a network; pixels
 * are all that comes out of it, and the new file is written here from those. Throws `E_CLEAN_...`.
 */
export async function cleanPdf(
  base: string,
  original: string,
  options: PdfOptions,
  context: Context,
): Promise<PdfResult> {
  const { dpi, grey, maxPages, overwrite } = options;
  const place = { original, target: options.output ?? besideOriginal(original), overwrite };
  await demandFree(place);
  await demandPackages(base, ["poppler-utils"], context);
  const pageBytes = MOST_PIXELS * (grey ? 1 : 3) + HEAD_BYTES;
  const job = {
    doing: `clean "${original}"`,
    files: [{ name: "0.pdf", content: { path: original } }],
    most: options.most,
    // Sparse: what is not written takes no room.
    resultBytes: resultBytes(maxPages, pageBytes),
    limits: { files: maxPages, fileBytes: pageBytes },
    script: pdfScript({ dpi, grey, maxPages, pageBytes, secondsEach: PAGE_SECONDS }),
    timeoutMs: options.timeout * 1000,
  };
  let pages = 0;
  await runJob(base, job, context, (result) =>
    writeClean(place, async (write) => {
      pages = await writePdf(pixelPages(result), dpi, write);
    }),
  );
  context.progress({ phase: "written", detail: place.target });
  return { writtenTo: place.target, pages };
}

/** What one machine may take of the host's disk, bytes. */
const MOST_RESULT = 16 * 2 ** 30;
/** Room for as many pages of a common size as are allowed, and for a few very large ones. */
const COMMON_PIXELS = 9_000_000;
const resultBytes = (pages: number, pageBytes: number) =>
  Math.min(MOST_RESULT, pages * COMMON_PIXELS * 3 + 4 * pageBytes);

/** The pages in their order, each by its number. Throws `E_CLEAN_RESULT`. */
export async function* pixelPages(result: Result): AsyncGenerator<PixelPage> {
  let number = 0;
  for await (const file of result.files()) {
    number += 1;
    if (file.name !== String(number)) throw bad(`"${file.name}" is not page ${number}`);
    yield await pixelPage(file, MOST_PIXELS);
  }
  if (number === 0) throw bad("there are no pages in it");
}
