/**
 * A PDF of nothing but pictures (ISO 32000-1): a catalog, the pages, and for each page one image that fills it. No text,
 * no fonts, no scripts, no dates, no names of programs.
 */
import { Readable } from "node:stream";
import { createDeflate } from "node:zlib";
import type { PixelPage } from "./pixels.ts";

/** Takes the file's bytes in order. */
export type Write = (bytes: Uint8Array) => Promise<void>;

const CATALOG = 1;
const PAGES = 2;
/** Page, its content, its image, the image's length. */
const OBJECTS_A_PAGE = 4;

/** Writes the pages at `dpi` pixels an inch; gives how many there were. Memory does not grow with a page's size. */
export async function writePdf(pages: AsyncIterable<PixelPage>, dpi: number, write: Write): Promise<number> {
  const file = new PdfFile(write);
  await file.raw("%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n");
  await file.object(CATALOG, `<< /Type /Catalog /Pages ${PAGES} 0 R >>`);
  let count = 0;
  for await (const page of pages) await writePage(file, page, pageObject(count++), dpi);
  const kids = Array.from({ length: count }, (_, at) => `${pageObject(at)} 0 R`).join(" ");
  await file.object(PAGES, `<< /Type /Pages /Count ${count} /Kids [${kids}] >>`);
  await file.finish();
  return count;
}

const pageObject = (index: number) => PAGES + 1 + index * OBJECTS_A_PAGE;

async function writePage(file: PdfFile, page: PixelPage, first: number, dpi: number): Promise<void> {
  const { width, height, channels } = page;
  const [content, image, length] = [first + 1, first + 2, first + 3];
  const [w, h] = [points(width, dpi), points(height, dpi)];
  const resources = `<< /XObject << /I ${image} 0 R >> >>`;
  const box = `/MediaBox [0 0 ${w} ${h}]`;
  await file.object(
    first,
    `<< /Type /Page /Parent ${PAGES} 0 R ${box} /Resources ${resources} /Contents ${content} 0 R >>`,
  );
  const draw = `q ${w} 0 0 ${h} 0 0 cm /I Do Q`;
  await file.object(content, `<< /Length ${draw.length} >>\nstream\n${draw}\nendstream`);
  const colours = channels === 3 ? "/DeviceRGB" : "/DeviceGray";
  // Predictor 12: each row is PNG's filter "up", the difference to the row above.
  const predictor = `/DecodeParms << /Predictor 12 /Colors ${channels} /Columns ${width} >>`;
  const kind = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace ${colours}`;
  const filter = `/BitsPerComponent 8 /Filter /FlateDecode ${predictor}`;
  const bytes = await file.stream(image, `${kind} ${filter} /Length ${length} 0 R`, deflated(page));
  await file.object(length, String(bytes));
}

/** A little less: renderers round up, and would stretch the picture over one pixel more. */
const LESS = 0.005;
const points = (pixels: number, dpi: number) => ((pixels * 72) / dpi - LESS).toFixed(3);

function deflated(page: PixelPage): AsyncIterable<Uint8Array> {
  return Readable.from(filteredRows(page)).compose(createDeflate());
}

const UP = 2;

/** PNG's filter "up" (PNG specification, 9.2), gathered to pieces of many rows. */
async function* filteredRows({ width, channels, pixels }: PixelPage): AsyncGenerator<Uint8Array> {
  const length = width * channels;
  const above = new Uint8Array(length);
  let column = 0;
  for await (const piece of pixels) {
    const out = Buffer.allocUnsafe(piece.length + Math.ceil(piece.length / length) + 1);
    let used = 0;
    for (const value of piece) {
      if (column === 0) out[used++] = UP;
      out[used++] = value - (above[column] as number);
      above[column++] = value;
      if (column === length) column = 0;
    }
    yield out.subarray(0, used);
  }
}

/** Keeps where each object starts, which the table at the end tells. */
class PdfFile {
  readonly #write: Write;
  readonly #offsets = new Map<number, number>();
  #at = 0;

  constructor(write: Write) {
    this.#write = write;
  }

  async raw(text: string): Promise<void> {
    await this.#put(Buffer.from(text, "latin1"));
  }

  async object(id: number, body: string): Promise<void> {
    this.#offsets.set(id, this.#at);
    await this.raw(`${id} 0 obj\n${body}\nendobj\n`);
  }

  /** Gives how many bytes the stream has. */
  async stream(id: number, entries: string, content: AsyncIterable<Uint8Array>): Promise<number> {
    this.#offsets.set(id, this.#at);
    await this.raw(`${id} 0 obj\n<< ${entries} >>\nstream\n`);
    const start = this.#at;
    for await (const piece of content) await this.#put(piece);
    const bytes = this.#at - start;
    await this.raw("\nendstream\nendobj\n");
    return bytes;
  }

  async finish(): Promise<void> {
    const start = this.#at;
    const ids = [...this.#offsets.keys()].toSorted((a, b) => a - b);
    const lines = ids.map((id) => `${String(this.#offsets.get(id)).padStart(10, "0")} 00000 n \n`);
    const size = ids.length + 1;
    await this.raw(`xref\n0 ${size}\n0000000000 65535 f \n${lines.join("")}`);
    await this.raw(`trailer\n<< /Size ${size} /Root ${CATALOG} 0 R >>\nstartxref\n${start}\n%%EOF\n`);
  }

  async #put(bytes: Uint8Array): Promise<void> {
    await this.#write(bytes);
    this.#at += bytes.length;
  }
}
