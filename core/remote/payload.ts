import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { keepAnswer, keptAnswer } from "../host/kept-answer.ts";
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

/** What can be brought from here, the own architecture's first; empty where this is not Linux and nothing lies beside it. */
export async function payloads(settings: Settings): Promise<readonly Payload[]> {
  const own = process.platform === "linux" ? ownSources() : null;
  const machine = MACHINES[process.arch];
  const found = [
    ...(own && machine !== undefined ? [{ machine, sources: own }] : []),
    ...Object.entries(MACHINES).flatMap(([arch, each]) => {
      const file = own && each === machine ? null : besides(arch);
      return file === null ? [] : [{ machine: each, sources: [{ name: "guestkit", from: { file }, mode: 0o755 }] }];
    }),
  ];
  return await Promise.all(found.map(({ machine, sources }) => payloadOf(machine, sources, settings)));
}

type Source = Pick<Part, "name" | "from" | "mode">;

/**
 * What `GUESTKIT_ENGINE` names, a bundle or an executable; else this very program: the single executable, or Node and the
 * command's bundle. Null where no bundle is found.
 */
function ownSources({ GUESTKIT_ENGINE: given = "" } = process.env): readonly Source[] | null {
  const isProgram = given !== "" && !given.endsWith(".mjs");
  if (isProgram || (given === "" && isSingle())) {
    return [{ name: "guestkit", from: { file: isProgram ? given : process.execPath }, mode: 0o755 }];
  }
  const entry = given || bundle();
  if (entry === null) return null;
  return [
    { name: "guestkit", from: { text: LAUNCHER }, mode: 0o755 },
    { name: "node", from: { file: process.execPath }, mode: 0o755 },
    ...chunksOf(entry).map(([name, file]) => ({ name, from: { file }, mode: 0o644 })),
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
  const places = [dirname(process.execPath), dirname(fileURLToPath(import.meta.url))];
  const names = [`guestkit-${VERSION}-linux-${arch}`, `guestkit-linux-${arch}`];
  return places.flatMap((place) => names.map((name) => join(place, name))).find(existsSync) ?? null;
}

interface Kept {
  readonly sizes: readonly number[];
  readonly digests: readonly string[];
}

/** To digest a program takes longer than a plan may: what was found is kept as long as the files are the same. */
async function payloadOf(machine: string, sources: readonly Source[], settings: Settings): Promise<Payload> {
  const files = sources.flatMap(({ from }) => ("file" in from ? [from.file] : []));
  const texts = sources.flatMap(({ from }) => ("text" in from ? [from.text] : []));
  // What is mapped and run by this very process is written to by nobody; its stamps tell of the others.
  const stamps = files.map((file) => [file, stampOf(file)] as const);
  const question = { folder: join(settings.cacheDir, "engines"), files: [], key: [files, texts] };
  const kept = (await keptAnswer<Kept>(question)) ?? (await look(sources));
  await keepAnswer(question, { stamps: { files: stamps, age: 0 }, answer: kept });
  const parts = sources.map((source, at) => ({
    ...source,
    size: kept.sizes[at] ?? 0,
    sha256: kept.digests[at] ?? "",
  }));
  const sums = parts.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
  const digest = createHash("sha256").update(sums).digest("hex");
  return { machine, parts, sums, digest, key: `${VERSION}-${machine}-${digest.slice(0, 16)}` };
}

async function look(sources: readonly Source[]): Promise<Kept> {
  const sizes = sources.map(({ from }) => ("file" in from ? statSync(from.file).size : Buffer.byteLength(from.text)));
  return { sizes, digests: await Promise.all(sources.map(({ from }) => digestOf(from))) };
}

async function digestOf(from: Part["from"]): Promise<string> {
  const hash = createHash("sha256");
  if ("text" in from) return hash.update(from.text).digest("hex");
  for await (const piece of createReadStream(from.file, { highWaterMark: 1 << 20 })) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}
