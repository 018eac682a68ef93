import { constants } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { makeOwnFolder } from "../../host/folder.ts";
import { partialBeside, sweepPartialsIn } from "../../host/partial.ts";
import { openNamedFile } from "../../host/plain-file.ts";
import { copyFile } from "../../host/write-file.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { printable } from "../../kit/name.ts";
import { reasonOf } from "../../kit/system-error.ts";
import { clamavScript } from "./clamav-script.ts";
import { type HostFile, type Listing, listFiles } from "./host-files.ts";
import { runJob } from "./job.ts";
import { demandPackages } from "./needs.ts";
import { bad, type Result } from "./result-disk.ts";
import { readSignatures, type Signatures } from "./signatures.ts";

export interface ScanOptions {
  /** Folder of the signatures. */
  readonly database: string;
  /** Bytes of a file, and of what is unpacked from it; larger ones are skipped and told. */
  readonly most: number;
  readonly maxFiles: number;
  /** Seconds for one file. */
  readonly fileTimeout: number;
  /** Seconds for all of it. */
  readonly timeout: number;
}

export type Word = "clean" | "infected" | "error" | "skipped";

export interface Verdict {
  /** Raw bytes of the path: what was given, and what is below it. */
  readonly path: Buffer;
  readonly verdict: Word;
  readonly signature: string | null;
  readonly message: string | null;
  /** Something that was to be scanned; links and the like hold nothing. */
  readonly isContent: boolean;
}

export interface Scan {
  readonly verdicts: readonly Verdict[];
  readonly signatures: Signatures;
  /** How many signatures the scanner loaded. */
  readonly loaded: number;
  readonly version: string;
}

/**
 * Scans a file, or every file below a folder, by ClamAV in a machine without a network, which can only read them. What is
 * no regular file is not followed. Throws `E_CLAMAV_DATABASE`, `E_CLEAN_...`.
 */
export async function scan(base: string, path: string, options: ScanOptions, context: Context): Promise<Scan> {
  const signatures = await readSignatures(options.database);
  const found = await stat(path).catch(notThere(path));
  const isFolder = found.isDirectory();
  if (!isFolder && !found.isFile()) throw notThere(path)(new Error(NO_FILE));
  // What is too large is told without a copy of it.
  if (!isFolder && found.size > options.most) return tooLarge(path, signatures, options.most);
  await demandPackages(base, ["clamav", "python3"], context);
  if (isFolder) return await scanFolder(base, resolve(path), path, signatures, options, context);
  await using single = await alone(path, options.most, context);
  return await scanFolder(base, single.folder, dirname(path), signatures, options, context);
}

function tooLarge(path: string, signatures: Signatures, most: number): Scan {
  const shown = Buffer.from(join(dirname(path), basename(path)));
  const verdict: Verdict = {
    path: shown,
    verdict: "skipped",
    signature: null,
    message: largerThan(most),
    isContent: true,
  };
  return { verdicts: [verdict], signatures, version: NOTHING.version, loaded: NOTHING.loaded };
}

const largerThan = (most: number): string => `it is larger than ${most} bytes`;

const notThere =
  (path: string) =>
  (cause: unknown): never => {
    throw new GuestkitError("E_CLEAN_INPUT", `Cannot scan "${path}": ${reasonOf(cause)}`, {
      at: { file: path },
      cause,
    });
  };

/** A folder with a copy of the file and nothing else: its neighbours are none of the guest's business. */
async function alone(
  path: string,
  most: number,
  { settings }: Context,
): Promise<AsyncDisposable & { readonly folder: string }> {
  const parent = join(settings.cacheDir, "clean");
  await makeOwnFolder(parent);
  await sweepPartialsIn(parent);
  const work = partialBeside(join(parent, "scan"), "work");
  await mkdir(work.path, { mode: 0o700 });
  await using file = await openNamedFile(path);
  if (!file || (await file.stat()).size > most) {
    await work[Symbol.asyncDispose]();
    throw notThere(path)(new Error("another file has its name now"));
  }
  // By what is open: the name may lead to another one again.
  await copyFile(`/proc/self/fd/${file.fd}`, join(work.path, basename(path)), constants.COPYFILE_FICLONE);
  return { folder: work.path, [Symbol.asyncDispose]: () => work[Symbol.asyncDispose]() };
}

/** `shown` is what stands before the names in the answer. */
async function scanFolder(
  base: string,
  folder: string,
  shown: string,
  signatures: Signatures,
  options: ScanOptions,
  context: Context,
): Promise<Scan> {
  context.progress({ phase: "listing the files", detail: shown });
  const listing = await listFiles(folder, options.maxFiles, context.signal);
  const wanted = listing.files.filter(({ size }) => size <= options.most);
  const found = wanted.length === 0 ? NOTHING : await ask(base, folder, wanted, signatures, options, context);
  const verdicts = verdictsOf(
    listing,
    new Map(wanted.map((file, index) => [file, found.told[index] as Told])),
    options,
  );
  const below = (path: Buffer) => (shown === "." ? path : Buffer.concat([Buffer.from(join(shown, "/")), path]));
  const { version, loaded } = found;
  return { verdicts: verdicts.map((each) => ({ ...each, path: below(each.path) })), signatures, version, loaded };
}

interface Told {
  readonly verdict: Word;
  readonly text: string;
}

interface Found {
  readonly version: string;
  readonly loaded: number;
  /** By the index in the list that was given. */
  readonly told: readonly Told[];
}

const NOTHING: Found = { version: "", loaded: 0, told: [] };
const LONGEST_LINE = 512;

async function ask(
  base: string,
  folder: string,
  files: readonly HostFile[],
  signatures: Signatures,
  { most, fileTimeout, timeout }: ScanOptions,
  context: Context,
): Promise<Found> {
  const list = Buffer.concat(files.flatMap(({ path }) => [path, Buffer.of(0)]));
  const bytes = (files.length + 1) * LONGEST_LINE;
  const job = {
    doing: `scan ${files.length} files`,
    files: [{ name: "list", content: list }],
    most: list.length,
    resultBytes: bytes + (1 << 20),
    limits: { files: 1, fileBytes: bytes },
    shares: { scan: folder, database: resolve(signatures.folder) },
    script: clamavScript(most, fileTimeout),
    timeoutMs: timeout * 1000,
  };
  return await runJob(base, job, context, (result) => readVerdicts(result, files.length));
}

/** What the guest says of each file, by the index that we gave it. Throws `E_CLEAN_RESULT`. */
export async function readVerdicts(result: Result, count: number): Promise<Found> {
  const [file, ...others] = await Array.fromAsync(result.files());
  if (file?.name !== "verdicts" || others.length > 0) throw bad("it holds something else than verdicts");
  const text = Buffer.from(await file.bytes((count + 1) * LONGEST_LINE)).toString("utf8");
  const [head = "", ...lines] = text.split("\n").slice(0, -1);
  const [, version, loaded] = /^engine ([\w.+~-]{1,64}) (\d{1,10})$/.exec(head) ?? [];
  if (version === undefined) throw bad("it does not say what scanned");
  if (lines.length !== count) throw bad(`it has ${lines.length} verdicts for ${count} files`);
  return { version, loaded: Number(loaded), told: lines.map(verdictOf) };
}

function verdictOf(line: string, index: number): Told {
  const match = /^(\d+) (clean|infected|error|skipped)(?: (.*))?$/.exec(line);
  if (Number(match?.[1]) !== index) throw bad("its verdicts are not in the order of the files");
  return { verdict: match?.[2] as Word, text: printable((match?.[3] ?? "").slice(0, 300)) };
}

/** In the order of the list; what was not given to the guest among them. */
function verdictsOf(
  { files, left, closed }: Listing,
  told: ReadonlyMap<HostFile, Told>,
  { most }: ScanOptions,
): readonly Verdict[] {
  const scanned = files.map((file): Verdict => {
    const { verdict, text } = told.get(file) ?? { verdict: "skipped", text: largerThan(most) };
    const isFound = verdict === "infected";
    const message = isFound || text === "" ? null : text;
    return { path: file.path, verdict, signature: isFound ? text : null, message, isContent: true };
  });
  const others = left.map((path): Verdict => ({ path, ...NOT_READ }));
  const unread = closed.map((path): Verdict => ({ path, ...CLOSED }));
  return [...scanned, ...others, ...unread].toSorted((one, other) => Buffer.compare(one.path, other.path));
}

const NO_FILE = "it is no regular file";
const NOT_READ = { verdict: "skipped", signature: null, message: NO_FILE, isContent: false } as const;
const CLOSED = { verdict: "error", signature: null, message: "the folder cannot be read", isContent: true } as const;
