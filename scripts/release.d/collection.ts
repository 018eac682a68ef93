/** The Ansible collection as `ansible-galaxy collection install` takes it: its files, their sums, and the sum of those. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { parse } from "yaml";
import { type Entry, layTree, root, run, withFolder } from "./tree.ts";

const compress = promisify(gzip);

const COLLECTION = join(root, "ansible/collection");
/** Of what lies in the folder, these are not the collection's. */
const LEFT_OUT = /^galaxy\.yml$|(?:^|\/)__pycache__(?:\/|$)|\.pyc$/;

interface Galaxy {
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly license: readonly string[];
  /** Paths, as they are: no pattern is written there. */
  readonly build_ignore: readonly string[];
  readonly [field: string]: unknown;
}

interface FileLine {
  readonly name: string;
  readonly ftype: "file" | "dir";
  readonly chksum_type: "sha256" | null;
  readonly chksum_sha256: string | null;
  readonly format: 1;
}

/** Writes the archive into a folder; its path. */
export async function writeCollection(out: string): Promise<string> {
  const galaxy = parse(await readFile(join(COLLECTION, "galaxy.yml"), "utf8")) as Galaxy;
  const path = join(out, `${galaxy.namespace}-${galaxy.name}-${galaxy.version}.tar.gz`);
  const isIgnored = (name: string) => galaxy.build_ignore.some((each) => `${name}/`.startsWith(`${each}/`));
  const names = (await readdir(COLLECTION, { recursive: true, withFileTypes: true }))
    .map((each) => ({ name: join(each.parentPath, each.name).slice(COLLECTION.length + 1), isFile: each.isFile() }))
    .filter(({ name }) => !LEFT_OUT.test(name) && !isIgnored(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const lines = await Promise.all(names.map(({ name, isFile }) => lineOf(name, isFile)));
  const files = json({ files: [{ ...NO_FILE, name: "." }, ...lines], format: 1 });
  const entries: Record<string, Entry> = {
    "FILES.json": { text: files },
    "MANIFEST.json": { text: json(manifest(galaxy, digest(files))) },
  };
  for (const { name, isFile } of names) if (isFile) entries[name] = { from: join(COLLECTION, name) };
  await withFolder(async (folder) => {
    await layTree(folder, entries);
    // Of what it lists, a folder of nothing but what is left out (tests) is in Ansible's own archive as well.
    for (const { name, isFile } of names) if (!isFile) await mkdir(join(folder, name), { recursive: true });
    await writeTarball(folder, path);
  });
  return path;
}

const NO_FILE = { ftype: "dir", chksum_type: null, chksum_sha256: null, format: 1 } as const;

async function lineOf(name: string, isFile: boolean): Promise<FileLine> {
  if (!isFile) return { name, ...NO_FILE };
  const sum = digest(await readFile(join(COLLECTION, name)));
  return { name, ftype: "file", chksum_type: "sha256", chksum_sha256: sum, format: 1 };
}

function manifest({ build_ignore: _, ...galaxy }: Galaxy, sum: string): object {
  return {
    collection_info: { ...galaxy, license_file: null, dependencies: galaxy.dependencies ?? {} },
    file_manifest_file: { name: "FILES.json", ftype: "file", chksum_type: "sha256", chksum_sha256: sum, format: 1 },
    format: 1,
  };
}

/** Sorted, without times and owners. */
async function writeTarball(folder: string, path: string): Promise<void> {
  const plain = join(folder, "archive");
  const names = await readdir(folder);
  const same = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  await run("tar", [...same, "-C", folder, "-cf", plain, ...names.toSorted()]);
  await writeFile(path, await compress(await readFile(plain), { level: 9 }));
}

const json = (value: object): string => `${JSON.stringify(value, null, 4)}\n`;

const digest = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");
