import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { keepAnswer, keptAnswer, type Question } from "../host/kept-answer.ts";
import { stampOf } from "../host/stamp.ts";
import type { Settings } from "../kit/context.ts";
import { VERSION } from "../kit/version.ts";

/** A file of an engine that is brought to a host. */
export interface Part {
  /** Below the engine's folder. */
  readonly name: string;
  /** Where it lies here, or what it holds. */
  readonly from: { readonly file: string } | { readonly text: string };
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** An engine for machines of one architecture. */
export interface Payload {
  /** As `uname -m` says. */
  readonly machine: string;
  /** The name of its folder: version, machine and what it is by its content. */
  readonly key: string;
  /** Hexadecimal SHA-256 of `sums`. */
  readonly digest: string;
  /** What sha256sum(1) checks it by. */
  readonly sums: string;
  readonly parts: readonly Part[];
}

/** Node's word for an architecture, and the kernel's. */
const MACHINES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

/** Starts the bundle by the Node beside it. */
const LAUNCHER = `#!/bin/sh
here=\${0%/*}
exec "$here/node" --initial-old-space-size=64 "$here/guestkit.mjs" "$@"
`;

/** What can be brought from here; empty where this is not Linux and nothing lies beside it. */
export async function payloads(settings: Settings): Promise<readonly Payload[]> {
  const own = process.platform === "linux" ? ownProgram() : null;
  const found = Object.entries(MACHINES).flatMap(([arch, machine]) => {
    const program = own !== null && arch === process.arch ? own : besides(arch);
    return program === null ? [] : [payloadOf(machine, program, settings)];
  });
  return await Promise.all(found);
}

type Source = Pick<Part, "name" | "from" | "mode">;

/**
 * What `GUESTKIT_ENGINE` names, a bundle (`.mjs`) or an executable; else this very program: the single executable, or the
 * command's bundle, which goes with Node's own. Null where no bundle is found.
 */
function ownProgram({ GUESTKIT_ENGINE } = process.env): string | null {
  return GUESTKIT_ENGINE || (isSingle() ? process.execPath : bundle());
}

function sourcesOf(program: string): readonly Source[] {
  if (!program.endsWith(".mjs")) return [{ name: "guestkit", from: { file: program }, mode: 0o755 }];
  return [
    { name: "guestkit", from: { text: LAUNCHER }, mode: 0o755 },
    { name: "node", from: { file: process.execPath }, mode: 0o755 },
    ...chunksOf(program).map(([name, file]) => ({ name, from: { file }, mode: 0o644 })),
  ];
}

function isSingle(): boolean {
  const sea = process.getBuiltinModule("node:sea") as { isSea(): boolean } | undefined;
  return sea?.isSea() ?? false;
}

/** The command's bundle: where this runs from, beside it in a checkout or an installation, or what is on PATH. */
function bundle(): string | null {
  const places = [".", "..", "../..", "../../.."].map((up) => join(dirname(fileURLToPath(import.meta.url)), up));
  const beside = places.flatMap((place) => [
    join(place, "guestkit.mjs"),
    join(place, "cli/dist/guestkit.mjs"),
    join(place, "node_modules/@guestkit/cli/dist/guestkit.mjs"),
  ]);
  const path = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "guestkit"));
  const onPath = path.filter(existsSync).map((each) => realpathSync(each));
  return [...beside, ...onPath.filter((each) => each.endsWith(".mjs"))].find(existsSync) ?? null;
}

/** The bundle's entry and what it may load: builds of earlier days may lie beside these. */
function chunksOf(entry: string): readonly (readonly [name: string, file: string])[] {
  const found = new Map([["guestkit.mjs", entry]]);
  for (const [name, file] of found) {
    for (const [, chunk = ""] of readFileSync(file, "utf8").matchAll(
      /["'](?:\.\/|\.\.\/)?(?:chunks\/)?([\w.-]+\.mjs)["']/g,
    )) {
      const below = join(dirname(entry), "chunks", chunk);
      if (!found.has(`chunks/${chunk}`) && chunk !== name && existsSync(below)) found.set(`chunks/${chunk}`, below);
    }
  }
  return [...found];
}

/** A single executable for another architecture, as a release names it, beside this program. */
function besides(arch: string): string | null {
  const names = [`guestkit-${VERSION}-linux-${arch}`, `guestkit-linux-${arch}`];
  return (
    besideThis()
      .flatMap((place) => names.map((name) => join(place, name)))
      .find(existsSync) ?? null
  );
}

/** The folder of the single executable first: what it has for a module lies in no folder. */
function besideThis(): readonly string[] {
  const [program, module] = [dirname(process.execPath), dirname(fileURLToPath(import.meta.url))];
  return isSingle() ? [program, module] : [module, program];
}

/** What lets an engine be brought to a machine for which there is none here: next steps, none where guestkit runs on none such. */
export function bringable(machine: string): readonly string[] {
  const [arch] = Object.entries(MACHINES).find(([, each]) => each === machine) ?? [];
  if (arch === undefined) return [];
  const name = `guestkit-${VERSION}-linux-${arch}`;
  const isOwn = process.platform === "linux" && arch === process.arch;
  return [
    isOwn ? `name one by GUESTKIT_ENGINE (${name} of a release)` : `lay ${name} of a release into ${besideThis()[0]}`,
  ];
}

/** To find and digest a program takes longer than a plan may: its parts are kept as long as the files are the same. */
async function payloadOf(machine: string, program: string, settings: Settings): Promise<Payload> {
  const question = {
    folder: join(settings.cacheDir, "engines"),
    files: [],
    key: [program, process.execPath, LAUNCHER],
  };
  const parts = (await keptAnswer<readonly Part[]>(question)) ?? (await look(program, question));
  const sums = parts.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
  const digest = createHash("sha256").update(sums).digest("hex");
  return { machine, parts, sums, digest, key: `${VERSION}-${machine}-${digest.slice(0, 16)}` };
}

async function look(program: string, question: Question): Promise<readonly Part[]> {
  const started = performance.now();
  const sources = sourcesOf(program);
  const files = sources.flatMap(({ from }) => ("file" in from ? [[from.file, stampOf(from.file)] as const] : []));
  const answer = await Promise.all(sources.map(partOf));
  await keepAnswer(question, { stamps: { files, age: performance.now() - started }, answer });
  return answer;
}

async function partOf(source: Source): Promise<Part> {
  const { from } = source;
  const size = "file" in from ? statSync(from.file).size : Buffer.byteLength(from.text);
  return { ...source, size, sha256: await digestOf(from) };
}

async function digestOf(from: Part["from"]): Promise<string> {
  const hash = createHash("sha256");
  if ("text" in from) return hash.update(from.text).digest("hex");
  for await (const piece of createReadStream(from.file, { highWaterMark: 1 << 20 })) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}
