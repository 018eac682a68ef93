import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { printable } from "../../kit/name.ts";
import { runJob } from "./job.ts";
import { matScript } from "./mat-script.ts";
import { demandPackages } from "./needs.ts";
import { besideOriginal, demandFree, extensionOf, type Place, writeClean } from "./output.ts";
import type { Write } from "./pdf.ts";
import { bad, type Result, type ResultFile } from "./result-disk.ts";

export interface MatOptions {
  /** Leaves the content as it is where the format allows, instead of making it anew. */
  readonly lightweight: boolean;
  /** Where the clean file goes, of one alone; beside it where null. */
  readonly output: string | null;
  readonly overwrite: boolean;
  /** Bytes of each file, before and after. */
  readonly most: number;
  /** Seconds for each file. */
  readonly timeout: number;
}

export type MatStatus = "cleaned" | "unsupported" | "failed";

export interface MatResult {
  readonly path: string;
  readonly status: MatStatus;
  /** The clean file; null where there is none. */
  readonly writtenTo: string | null;
  readonly message: string | null;
}

const MOST_FILES = 1000;
/** What one machine may take of the host's disk, bytes. */
const MOST_RESULT = 16 * 2 ** 30;
/** What an archive adds to each file, generously. */
const HEADROOM = 1 << 20;

/**
 * Strips files of what they say beside their content, by mat2 in a machine without a network. Those that mat2 cannot
 * clean are told, and the others are written all the same. Throws `E_CLEAN_...`.
 */
export async function mat(
  base: string,
  paths: readonly string[],
  options: MatOptions,
  context: Context,
): Promise<readonly MatResult[]> {
  const places = placesOf(paths, options);
  for (const place of places) await demandFree(place);
  await demandPackages(base, ["mat2"], context);
  const job = {
    doing: paths.length === 1 ? `clean "${paths[0]}"` : `clean ${paths.length} files`,
    files: paths.map((path, index) => ({ name: `${index}${extensionOf(path).toLowerCase()}`, content: { path } })),
    most: options.most,
    // Sparse: what is not written takes no room.
    resultBytes: Math.min(MOST_RESULT, paths.length * (options.most + HEADROOM)),
    limits: { files: paths.length + 1, fileBytes: options.most },
    script: matScript(options.lightweight, options.timeout),
    timeoutMs: (60 + paths.length * options.timeout) * 1000,
  };
  return await runJob(base, job, context, (result) => take(result, places));
}

function placesOf(paths: readonly string[], { output, overwrite }: MatOptions): readonly Place[] {
  if (paths.length > MOST_FILES) throw refused(`there are ${paths.length} of them, more than ${MOST_FILES}`);
  if (output !== null && paths.length !== 1) throw refused("one output was named for several of them");
  const places = paths.map((original) => ({ original, target: output ?? besideOriginal(original), overwrite }));
  const twice = places.find(({ target }, at) => places.findIndex((each) => each.target === target) !== at);
  if (twice) throw refused(`two of them would become "${twice.target}"`);
  const mixed = places.find(({ original, target }) => target !== original && paths.includes(target));
  if (mixed) throw refused(`"${mixed.target}" is one of them, and would be the clean "${mixed.original}"`);
  return places;
}

const refused = (why: string) => new GuestkitError("E_CLEAN_INPUT", `Cannot clean the files: ${why}`);

const STATUS_BYTES = 1 << 20;

/** The first file says what became of each; the others are the clean ones, by their index. */
export async function take(result: Result, places: readonly Place[]): Promise<readonly MatResult[]> {
  // All of it is looked over before anything is written.
  const [status, ...files] = await Array.fromAsync(result.files());
  if (status?.name !== "status") throw bad("it does not say what became of the files");
  const told = statusOf(await status.bytes(STATUS_BYTES), places.length);
  const cleaned = new Map(files.map((file) => [Number(file.name), file]));
  for (const [index, { name }] of cleaned) {
    if (name !== String(index) || told[index]?.status !== "cleaned") throw bad(`"${name}" was not asked for`);
  }
  const missing = told.findIndex(({ status }, index) => status === "cleaned" && !cleaned.has(index));
  if (missing >= 0) throw bad(`"${places[missing]?.original}" is missing`);
  for (const [index, file] of cleaned) await writeClean(places[index] as Place, (write) => copy(file, write));
  return places.map((place, index) => resultOf(place, told[index] as Told));
}

async function copy(file: ResultFile, write: Write): Promise<void> {
  for await (const piece of file.stream()) await write(piece);
}

interface Told {
  readonly status: MatStatus;
  readonly message: string;
}

function statusOf(bytes: Uint8Array, count: number): readonly Told[] {
  const lines = Buffer.from(bytes).toString("utf8").split("\n").slice(0, -1);
  if (lines.length !== count) throw bad(`it tells of ${lines.length} files in place of ${count}`);
  return lines.map((line, index) => {
    const match = /^(\d+) (cleaned|unsupported|failed)(?: (.*))?$/.exec(line);
    if (Number(match?.[1]) !== index) throw bad("what became of the files cannot be read");
    return { status: match?.[2] as MatStatus, message: printable((match?.[3] ?? "").slice(0, 300)) };
  });
}

function resultOf({ original, target }: Place, { status, message }: Told): MatResult {
  const writtenTo = status === "cleaned" ? target : null;
  return { path: original, status, writtenTo, message: messageOf(status, message) };
}

function messageOf(status: MatStatus, message: string): string | null {
  if (status === "cleaned") return null;
  if (status === "failed") return message;
  return message === "" ? "mat2 does not know this kind of file" : `mat2 cannot clean files of the kind ${message}`;
}
