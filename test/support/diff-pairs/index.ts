import { copyFile, cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { guestkit } from "../cli.ts";
import { withMount } from "../mounted.ts";
import { run } from "../tool.ts";

export const MKFS = {
  ext4: ["mke2fs", "-q", "-F", "-t", "ext4"],
  xfs: ["mkfs.xfs", "-q"],
  btrfs: ["mkfs.btrfs", "-q"],
} as const;
export type Type = keyof typeof MKFS;
const SIZES = { ext4: "64M", xfs: "320M", btrfs: "128M" } as const;

/** A file system of that kind, and a copy of it, each filled by what is given. */
export async function pairOf(
  path: string,
  type: Type,
  first: (top: string) => Promise<unknown>,
  then: (top: string) => Promise<unknown>,
): Promise<readonly [before: string, after: string]> {
  const [before, after] = [`${path}-before.img`, `${path}-after.img`];
  await run("truncate", ["-s", SIZES[type], before]);
  await run(MKFS[type][0], [...MKFS[type].slice(1), before]);
  await withMount(before, "rw", first);
  await copyFile(before, after);
  await withMount(after, "rw", then);
  return [before, after];
}

/** One line of `guestkit diff --json`. */
export interface Told {
  readonly group: string;
  readonly change: "added" | "removed" | "modified" | "renamed" | "unread";
  readonly name: string;
  readonly name_base64?: string;
  readonly from?: string;
  readonly from_base64?: string;
  readonly fields: Readonly<Record<string, readonly [unknown, unknown]>>;
}

/** What the command line says of two images; its exit code must say the same. */
export async function diffOf(...args: readonly string[]): Promise<readonly Told[]> {
  const { stdout, stderr, exitCode } = await guestkit(["diff", "--json", ...args]);
  const lines = stdout.toString().split("\n").filter(Boolean);
  const told = lines.map((line): Told => JSON.parse(line));
  const differs = told.some(({ change }) => change !== "unread");
  expect(exitCode, stderr).toBe(differs ? 2 : told.length > 0 ? 1 : 0);
  return told;
}

/** What diff(1) and the kernel say. */
interface Known {
  readonly change: "added" | "removed" | "modified";
  /** Hexadecimal digits of the raw path. */
  readonly path: string;
  readonly fields: Told["fields"];
  /** Of a file that one of them lacks: what it is, and its digest where it may have been renamed. */
  readonly own?: Readonly<Record<string, string>>;
  readonly digest?: string | null;
}

const script = (name: string) => join(import.meta.dirname, name);

/** Packages that `pairIsTold` installs and removes. */
export async function makePackages(folder: string): Promise<string> {
  await mkdir(folder);
  await run("sh", [script("packages.sh"), folder]);
  return folder;
}

/** A program where the mount has a path of its own: SQLite resolves the one through /proc to a folder of ours. */
async function inMount(top: string, command: (path: string) => readonly string[]): Promise<void> {
  const [, process = "", path = ""] = /^\/proc\/(\d+)\/root(\/.*)$/.exec(top) ?? [];
  await run("nsenter", ["--target", process, "--mount", ...command(path)]);
}

/** A system and the same one after random changes: all that differs is told, and nothing else. */
export async function pairIsTold(dir: string, packages: string, type: Type, seed: number): Promise<void> {
  const edit = (verb: string) => (top: string) =>
    inMount(top, (path) => ["python3", script("edits.py"), verb, `${seed}`, path, packages]);
  const images = await pairOf(join(dir, `${type}-${seed}`), type, edit("make"), edit("edit"));
  const told = await diffOf(...images);
  await mounted(images, type, async (a, b) => {
    const oracle = await run("python3", [script("oracle.py"), a, b]);
    compareFiles(
      told.filter(({ group }) => group === "files"),
      oracle
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    );
    const [was, is] = [await packagesIn(a, dir), await packagesIn(b, dir)];
    expect(spelled(told, "packages")).toEqual(differing(was, is));
    expect(spelled(told, "users")).toEqual(differing(await usersIn(a), await usersIn(b)));
  });
  for (const image of images) await rm(image);
}

/** Both at once, though they bear one UUID: xfs is told to overlook it, and one of btrfs is given another. */
async function mounted(
  [before, after]: readonly [string, string],
  type: Type,
  use: (a: string, b: string) => Promise<void>,
): Promise<void> {
  if (type === "btrfs") await run("btrfstune", ["-f", "-m", before]);
  const mode = type === "xfs" ? "ro,nouuid" : "ro";
  await withMount(before, mode, (a) => withMount(after, mode, (b) => use(a, b)));
}

function compareFiles(told: readonly Told[], known: readonly Known[]): void {
  const byPath = (change: Known["change"]) =>
    new Map(known.filter((each) => each.change === change).map((each) => [each.path, each]));
  const [gone, came] = [byPath("removed"), byPath("added")];
  for (const each of told.filter(({ change }) => change === "renamed")) {
    const [was, is] = [gone.get(hex(each.from, each.from_base64)), came.get(hex(each.name, each.name_base64))];
    expect(was?.digest, each.name).toMatch(/^[0-9a-f]{64}$/);
    expect(was?.digest, each.name).toBe(is?.digest);
    expect(each.fields).toEqual(pairsOf(was?.own, is?.own));
    gone.delete(was?.path ?? "");
    came.delete(is?.path ?? "");
  }
  const line = (change: string, path: string, fields: object) =>
    `${change} ${Buffer.from(path, "hex")} ${JSON.stringify(Object.entries(fields).sort())}`;
  const expected = [...gone.values(), ...came.values(), ...byPath("modified").values()];
  const rest = told.filter(({ change }) => change !== "renamed");
  expect(
    rest.map(({ change, fields, ...each }) => line(change, hex(each.name, each.name_base64), fields)).sort(),
  ).toEqual(expected.map(({ change, path, fields }) => line(change, path, fields)).sort());
  const digests = (files: Iterable<Known>) => [...files].flatMap(({ digest }) => digest ?? []);
  const left = new Set(digests(gone.values()));
  expect(digests(came.values()).filter((digest) => left.has(digest))).toEqual([]);
}

const hex = (text = "", base64?: string) => Buffer.from(base64 ?? text, base64 ? "base64" : "utf8").toString("hex");

function pairsOf(was: Known["own"] = {}, is: Known["own"] = {}): Told["fields"] {
  const names = Object.keys({ ...was, ...is }).filter((name) => was[name] !== is[name]);
  return Object.fromEntries(names.map((name) => [name, [was[name] ?? null, is[name] ?? null]]));
}

type Things = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** By the tool that keeps them; a package that is not `installed` says what it is. */
async function packagesIn(top: string, dir: string): Promise<Things> {
  const isDebian = (await run("cat", [join(top, "etc/os-release")])).includes("debian");
  const told = isDebian ? await dpkgIn(top) : await rpmIn(top, join(dir, "rpmdb"));
  return thingsOf(told, (version = "", status = "") => ({ version, ...(status !== "installed" && { status }) }));
}

/** What left nothing but its configuration behind is no package any more. */
async function dpkgIn(top: string): Promise<string> {
  const format = "${Package} ${Version} ${db:Status-Status}\\n";
  const told = await run("dpkg-query", [`--admindir=${top}/var/lib/dpkg`, "-W", "-f", format]);
  return told.replace(/^.* config-files\n/gm, "");
}

/** From a copy: SQLite's log beside it is written to by who reads. */
async function rpmIn(top: string, copy: string): Promise<string> {
  await cp(join(top, "var/lib/rpm"), copy, { recursive: true });
  const told = await run("rpm", [
    "--dbpath",
    copy,
    "-qa",
    "--qf",
    "%{NAME} %{EPOCH}:%{VERSION}-%{RELEASE} installed\\n",
  ]);
  await rm(copy, { recursive: true });
  return told;
}

async function usersIn(top: string): Promise<Things> {
  const told = await run("cut", ["-d:", "-f1,3,6,7", "--output-delimiter= ", join(top, "etc/passwd")]);
  return thingsOf(told, (uid = "", home = "", shell = "") => ({ uid, home, shell }));
}

/** The first word of each line, and what the others are. */
function thingsOf(text: string, make: (...words: readonly string[]) => Readonly<Record<string, string>>): Things {
  const lines = text.split("\n").filter(Boolean);
  return new Map(lines.map((line) => line.split(" ")).map(([name = "", ...words]) => [name, make(...words)]));
}

function differing(was: Things, is: Things): readonly string[] {
  const names = [...new Set([...was.keys(), ...is.keys()])].sort();
  return names.flatMap((name) => {
    const fields = pairsOf(was.get(name), is.get(name));
    if (Object.keys(fields).length === 0) return [];
    return [`${was.has(name) ? (is.has(name) ? "modified" : "removed") : "added"} ${name} ${textOf(fields)}`];
  });
}

/** Of what guestkit says the fields that the tools told. */
const spelled = (told: readonly Told[], group: string): readonly string[] =>
  told
    .filter((each) => each.group === group)
    .map(({ change, name, fields }) => `${change} ${name.replace(/:(all|noarch)$/, "")} ${textOf(fields)}`)
    .sort((a, b) => nameIn(a).localeCompare(nameIn(b)));

const nameIn = (line: string) => line.split(" ")[1] ?? "";

const textOf = (fields: Told["fields"]) =>
  ["version", "status", "uid", "home", "shell"]
    .flatMap((name) => (fields[name] ? [`${name} ${fields[name].join(" ")}`] : []))
    .join(", ");
