import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Engine } from "../../../core/engine/index.ts";
import { resolveSettings } from "../../../core/host/settings.ts";
import { asCallerPath, elsewhere } from "../../../core/kit/caller-path.ts";
import type { Progress } from "../../../core/kit/context.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { contractOf } from "../../../core/model/registry.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { rpcFiles } from "../../../core/rpc/files/caller-files.ts";
import { type FileGuard, fileGuard } from "../../../core/rpc/files/guard.ts";
import { namedFiles } from "../../../core/rpc/files/named.ts";
import { PIECE } from "../../../core/rpc/files/wire.ts";

const call = promisify(execFile);
class Refused extends GuestkitError {}

let dir: string;
let guard: FileGuard;
let asked: [string, ValueObject][];
let told: Progress[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "guestkit-files-"));
  for (const name of ["laptop", "host"]) await mkdir(join(dir, name));
  [asked, told] = [[], []];
});
afterEach(async () => {
  await guard?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

const there = (name: string) => join(dir, "laptop", name);
const path = (name: string) => asCallerPath(elsewhere(there(name)));
const cache = () => join(dir, "host", "cache", "caller");

/** Both ends as a conversation joins them: what goes over it is JSON. */
function joined(config: ValueObject, alter: (method: string, answer: ValueObject) => unknown = (_, answer) => answer) {
  const base = { host: join(dir, "host"), caller: join(dir, "laptop") };
  const contract = contractOf("disk_image", "resource");
  const engine = new Engine({
    implementations: { resources: {}, queries: {}, actions: {} },
    baseDir: base.host,
    callerDir: base.caller,
  });
  const named = () => namedFiles(engine, contract, [config]);
  const { signal } = new AbortController();
  guard = fileGuard({
    named,
    signal,
    cacheDir: join(dir, "laptop", "cache"),
    breach: (code, message, detail) => new Refused(code, message, detail),
  });
  const { answer } = guard;
  const ask = async (method: string, params: ValueObject) => {
    asked.push([method, params]);
    const told = JSON.parse(JSON.stringify(await answer(method, JSON.parse(JSON.stringify(params)))));
    return alter(method, told as ValueObject);
  };
  const settings = resolveSettings({
    dataDir: join(dir, "host"),
    cacheDir: join(dir, "host", "cache"),
    runtimeDir: join(dir, "host", "run"),
  });
  return { files: rpcFiles({ named, ask, signal, settings, progress: (event) => told.push(event) }), answer };
}

const image = (...sources: string[]): ValueObject => ({
  path: "web.qcow2",
  size: "1G",
  files: sources.map((source, index) => ({ path: `/${index}`, source })),
});
const reads = () => asked.filter(([method]) => method === "file.read").length;

describe("a file of the caller's", () => {
  it("comes once by its content, under its own name, with progress", async () => {
    const bytes = Buffer.alloc(2.5 * PIECE, "abc");
    await writeFile(there("a.img"), bytes);
    await writeFile(there("b.img"), bytes);
    const { files } = joined(image("a.img", "b.img"));
    const found = await files.locate(path("a.img"));
    expect(found).toMatch(/\/caller\/[0-9a-f]{64}\/whole\/a\.img$/);
    expect((await readFile(found)).equals(bytes)).toBe(true);
    expect(reads()).toBe(3);
    expect(told.at(-1)).toMatchObject({ done: bytes.length, total: bytes.length, detail: there("a.img") });
    expect(await files.locate(path("b.img"))).toMatch(/\/whole\/b\.img$/);
    expect(await files.locate(path("a.img"))).toBe(found);
    expect(reads()).toBe(3);
  });

  it("is not taken, nor brought, where others may put another in its place", async () => {
    await writeFile(there("a"), "1");
    const { files } = joined(image("a"));
    await files.locate(path("a"));
    await chmod(join(cache(), ".."), 0o777);
    await expect(files.locate(path("a"))).rejects.toMatchObject({
      code: "E_FOLDER_FOREIGN",
      help: expect.stringMatching(/GUESTKIT_CACHE_DIR/),
    });
    await rm(cache(), { recursive: true });
    await expect(files.locate(path("a"))).rejects.toMatchObject({ code: "E_FOLDER_FOREIGN" });
  });

  it("is looked at, and told as what it is", async () => {
    await writeFile(there("a"), "1");
    const { files } = joined(image("a", "gone", "."));
    const before = await files.look(path("a"));
    expect(before).toMatchObject({ kind: "file" });
    await appendFile(there("a"), "2");
    expect((await files.look(path("a")))?.stamp).not.toBe(before?.stamp);
    expect(await files.look(path("gone"))).toBeNull();
    expect(await files.look(asCallerPath(elsewhere(join(dir, "laptop"))))).toMatchObject({ kind: "directory" });
  });

  it("is empty, or follows the user's own link", async () => {
    await writeFile(there("empty"), "");
    await symlink("empty", there("link"));
    const { files } = joined(image("empty", "link"));
    expect(await readFile(await files.locate(path("empty")), "utf8")).toBe("");
    expect(await files.locate(path("link"))).toMatch(/link$/);
  });

  it("goes on where it broke off, and begins anew where what came was something else", async () => {
    const bytes = Buffer.concat([Buffer.alloc(PIECE, 1), Buffer.alloc(PIECE, 2), Buffer.alloc(10, 3)]);
    await writeFile(there("a"), bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await mkdir(join(cache(), sha256), { recursive: true, mode: 0o700 });
    const part = join(cache(), sha256, "part");
    await writeFile(part, bytes.subarray(0, PIECE + 100));
    const { files } = joined(image("a"));
    expect((await readFile(await files.locate(path("a")))).equals(bytes)).toBe(true);
    expect(reads()).toBe(2);
    await rm(join(cache(), sha256), { recursive: true });
    await mkdir(join(cache(), sha256), { mode: 0o700 });
    await writeFile(part, Buffer.alloc(PIECE, 9));
    expect((await readFile(await files.locate(path("a")))).equals(bytes)).toBe(true);
    expect(reads()).toBe(2 + 2 + 3);
  });

  it.each<[string, (entry: string) => Promise<unknown>]>([
    ["all of it came, and nothing says that it was verified", (entry) => rm(join(entry, "stamp"))],
    ["it is gone, and something says that it was verified", (entry) => rm(join(entry, "whole"), { recursive: true })],
    ["only the note's next one was written", (entry) => rename(join(entry, "stamp"), join(entry, "stamp.new"))],
    ["the note is cut off", (entry) => truncate(join(entry, "stamp"), 3)],
    ["the note is empty", (entry) => truncate(join(entry, "stamp"), 0)],
    ["a folder lies where it is to come", (entry) => rm(join(entry, "stamp")).then(() => mkdir(join(entry, "part")))],
  ])("is brought anew where a killed run left this: %s", async (_, leave) => {
    await writeFile(there("a"), "good");
    const { files } = joined(image("a"));
    const found = await files.locate(path("a"));
    await leave(join(found, "../.."));
    expect(await readFile(await files.locate(path("a")), "utf8")).toBe("good");
    expect(reads()).toBe(2);
    expect(await files.locate(path("a"))).toBe(found);
    expect(reads()).toBe(2);
  });

  it("is brought anew where somebody touched what was brought", async () => {
    await writeFile(there("a"), "good");
    const { files } = joined(image("a"));
    const found = await files.locate(path("a"));
    await writeFile(found, "evil");
    expect(await readFile(await files.locate(path("a")), "utf8")).toBe("good");
  });

  it.each([
    ["nothing is there", "gone", { code: "ENOENT" }],
    ["it is a folder", "folder", { message: expect.stringContaining("it is a directory") }],
    ["it is a pipe", "pipe", { message: expect.stringContaining("no regular file") }],
    ["it leads to a device", "null", { message: expect.stringContaining("no regular file") }],
    ["it leads round in a circle", "loop", { message: expect.stringContaining("symbolic link") }],
    ["it has more than is read", "large", { message: "it has more than 1 MiB" }],
  ])("is not brought where %s", async (_, name, why) => {
    await mkdir(there("folder"));
    await call("mkfifo", [there("pipe")]);
    await symlink("/dev/null", there("null"));
    await symlink("loop", there("loop"));
    await writeFile(there("large"), "");
    await truncate(there("large"), 2 ** 40);
    const { files, answer } = joined(image(name));
    await expect(files.locate(path(name), PIECE)).rejects.toMatchObject(why);
    await expect(answer("file.close", { path: there(name) })).resolves.toEqual({});
    expect(reads()).toBe(0);
  });

  it.runIf(process.getuid?.() !== 0)("is not brought where its owner may not read it", async () => {
    await writeFile(there("a"), "x");
    await chmod(there("a"), 0);
    await expect(joined(image("a")).files.locate(path("a"))).rejects.toMatchObject({ code: "EACCES" });
  });

  it("is another one when it shrinks, and the same when it grows, while it is read", async () => {
    await writeFile(there("shrinks"), Buffer.alloc(2 * PIECE));
    await writeFile(there("grows"), "first");
    const { files } = joined(image("shrinks", "grows"));
    const { answer } = guard;
    await answer("file.open", { path: there("shrinks") });
    await truncate(there("shrinks"), 10);
    await expect(answer("file.read", { path: there("shrinks"), offset: 0, length: PIECE })).rejects.toMatchObject({
      code: "E_FILE_CHANGED",
    });
    const { size } = (await answer("file.open", { path: there("grows") })) as { size: number };
    await appendFile(there("grows"), " and more");
    const { data } = (await answer("file.read", { path: there("grows"), offset: 0, length: size })) as { data: string };
    expect(Buffer.from(data, "base64").toString()).toBe("first");
    await answer("file.close", { path: there("grows") });
    expect(await readFile(await files.locate(path("grows")), "utf8")).toBe("first and more");
  });

  it("is one file from the first look at its bytes to the last, whatever takes its name meanwhile", async () => {
    await writeFile(there("a"), "mine");
    await writeFile(join(dir, "secret"), "none of it");
    const { answer } = joined(image("a"));
    await answer("file.open", { path: there("a") });
    await rm(there("a"));
    await symlink(join(dir, "secret"), there("a"));
    const { data } = (await answer("file.read", { path: there("a"), offset: 0, length: 4 })) as { data: string };
    expect(Buffer.from(data, "base64").toString()).toBe("mine");
  });

  it("does not count where its bytes are not those of its digest", async () => {
    await writeFile(there("a"), "abcd");
    const { files } = joined(image("a"), (method, answer) =>
      method === "file.read" ? { data: Buffer.from("evil").toString("base64") } : answer,
    );
    await expect(files.locate(path("a"))).rejects.toMatchObject({ code: "E_FILE_CHANGED" });
    const [entry = ""] = (await readdir(cache())).filter((name) => !name.startsWith("."));
    expect(await readdir(join(cache(), entry))).toEqual(["part"]);
  });

  it.each([
    ["file.open", { size: -1, sha256: "a".repeat(64) }],
    ["file.open", { size: 4, sha256: "../../etc" }],
    ["file.open", null],
    ["file.read", { data: 7 }],
    ["file.read", { data: "" }],
    ["file.read", []],
  ])("is refused where the caller answers %s with %j", async (asked, answer) => {
    await writeFile(there("a"), "abcd");
    const { files } = joined(image("a"), (method, said) => (method === asked ? answer : said));
    await expect(files.locate(path("a"))).rejects.toMatchObject({ code: "E_FILE_ANSWER" });
  });
});

describe("a folder of the caller's", () => {
  const config = (directory: string): ValueObject => ({
    path: "data.qcow2",
    size: "64M",
    layout: { partitions: [{ name: "data", filesystem: "ext4", content: { directory } }] },
  });
  const listed = async (tar: string) => (await call("tar", ["-tvf", tar])).stdout;

  it("comes as an archive that is the same while the folder is, with links as links", async () => {
    await mkdir(there("tree/inner"), { recursive: true });
    await writeFile(there("tree/inner/a"), "a");
    await writeFile(join(dir, "secret"), "none of it");
    await symlink(join(dir, "secret"), there("tree/out"));
    await symlink("..", there("tree/inner/loop"));
    await call("mkfifo", [there("tree/pipe")]);
    const { files } = joined(config("tree"));
    const found = await files.folder(path("tree"));
    if (!("tar" in found)) throw new Error("it is a folder");
    const text = await listed(found.tar);
    expect(text).toMatch(/^l.* \.\/out -> .*secret$/m);
    expect(text).toMatch(/^p.* \.\/pipe$/m);
    expect(await readFile(found.tar, "latin1")).not.toContain("none of it");
    expect(await readFile(there("tree/inner/a"), "utf8")).toBe("a");
    const before = reads();
    expect(await files.folder(path("tree"))).toEqual(found);
    expect(reads()).toBe(before);
    expect(await readdir(join(dir, "laptop", "cache", "tmp"))).toEqual([]);
  });

  it("is told where there is none", async () => {
    await writeFile(there("file"), "");
    const { files } = joined(config("gone"));
    await expect(files.folder(path("gone"))).rejects.toMatchObject({ code: "ENOENT" });
    await expect(joined(config("file")).files.folder(path("file"))).rejects.toMatchObject({ code: "ENOTDIR" });
  });
});

describe("what the declaration does not name", () => {
  it("is never asked for by the host", async () => {
    const { files } = joined(image("a"));
    for (const use of [files.locate, files.look, files.folder])
      await expect(use(path("b"))).rejects.toMatchObject({ code: "E_FILE_ELSEWHERE" });
    expect(asked).toEqual([]);
    await writeFile(join(dir, "host", "own"), "");
    expect(await files.locate(asCallerPath(join(dir, "host", "own")))).toBe(join(dir, "host", "own"));
  });

  it.each<[string, string, object]>([
    ["another file", "file.open", { path: "/etc/shadow" }],
    ["a look at another file", "file.stat", { path: "/etc/shadow" }],
    ["the same by another way", "file.open", { path: "%/../laptop/a" }],
    ["what lies in a folder", "file.open", { path: "%/tree/inner" }],
    ["a folder as a file", "file.open", { path: "%/tree" }],
    ["a file as a folder", "file.open", { path: "%/a", as: "tar" }],
    ["what lies beside a file", "file.open", { path: "%/a.gpg" }],
    ["a file of the host's", "file.open", { path: "/own" }],
    ["an image's own path", "file.open", { path: "%/web.qcow2" }],
    ["no path", "file.open", { path: ["%/a"] }],
    ["nothing", "file.stat", {}],
    ["a closed file", "file.read", { path: "%/a", offset: 0, length: 1 }],
    ["to close another file", "file.close", { path: "/etc/shadow" }],
    ["another question", "file.write", { path: "%/a" }],
    ["a question by a name of every object's", "constructor", { path: "%/a" }],
  ])("is refused: %s", async (_, method, params) => {
    await writeFile(there("a"), "a");
    await mkdir(there("tree"));
    const { answer } = joined({
      ...image("a", "host:/own"),
      layout: { partitions: [{ name: "data", content: { directory: "tree" } }] },
    });
    const given = JSON.parse(JSON.stringify(params).replaceAll("%", there("").replace(/\/$/, ""))) as ValueObject;
    const refusal = await answer(method, given).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refused);
    expect(refusal).toMatchObject({ code: "E_FILE_REFUSED" });
    const { path: named } = given;
    if (typeof named === "string") expect((refusal as Refused).message).toContain(named);
  });

  it.each<[unknown, unknown]>([
    [0, 5],
    [4, 1],
    [-1, 2],
    [0, 0],
    [0.5, 1],
    [0, 2 * PIECE],
    [2 ** 60, 1],
    ["0", 1],
    [null, null],
  ])("is refused: a piece at %j of %j bytes", async (offset, length) => {
    await writeFile(there("a"), "abcd");
    const { answer } = joined(image("a"));
    await answer("file.open", { path: there("a") });
    const refusal = await answer("file.read", { path: there("a"), offset, length } as ValueObject).catch((e) => e);
    expect(refusal).toBeInstanceOf(Refused);
  });

  it("is refused: more files at once than a host needs", async () => {
    const names = Array.from({ length: 17 }, (_, index) => `f${index}`);
    for (const name of names) await writeFile(there(name), name);
    const { answer } = joined(image(...names));
    const found = await Promise.allSettled(names.map((name) => answer("file.open", { path: there(name) })));
    expect(found.filter(({ status }) => status === "rejected")).toHaveLength(1);
  });
});

it("brings many at once, few at a time", async () => {
  const names = Array.from({ length: 40 }, (_, index) => `f${index}`);
  for (const name of names) await writeFile(there(name), name);
  const { files } = joined(image(...names));
  const found = await Promise.all(names.map((name) => files.locate(path(name))));
  expect(await Promise.all(found.map((each) => readFile(each, "utf8")))).toEqual(names);
});

/** How often this process has a file open. */
async function timesOpen(file: string): Promise<number> {
  const links = (await readdir("/proc/self/fd")).map((fd) => readlink(join("/proc/self/fd", fd)).catch(() => ""));
  return (await Promise.all(links)).filter((each) => each === file).length;
}

describe("one file that is asked for more than once", () => {
  const piece = { path: "", offset: 0, length: 1 };
  const readOf = (answer: FileGuard["answer"], name: string) => answer("file.read", { ...piece, path: there(name) });

  it("is one open file, until the last who opened it closes it", async () => {
    await writeFile(there("a"), "a");
    const { answer } = joined(image("a"));
    const opened = await Promise.all([1, 2, 3].map(() => answer("file.open", { path: there("a") })));
    expect(opened).toEqual([1, 2, 3].map(() => expect.objectContaining({ size: 1, fault: null })));
    expect(await timesOpen(there("a"))).toBe(1);
    for (const _ of [1, 2]) {
      await answer("file.close", { path: there("a") });
      expect(await readOf(answer, "a")).toMatchObject({ data: Buffer.from("a").toString("base64") });
    }
    await answer("file.close", { path: there("a") });
    await expect(readOf(answer, "a")).rejects.toBeInstanceOf(Refused);
    expect(await timesOpen(there("a"))).toBe(0);
  });

  it("is read on by one, where it is too large for another, or for the first", async () => {
    await writeFile(there("a"), "abc");
    const { answer } = joined(image("a"));
    const open = (most: number) => answer("file.open", { path: there("a"), most });
    const [one, other] = await Promise.all([open(3), open(2)]);
    expect([one, other]).toMatchObject([
      { size: 3, fault: null },
      { fault: { why: expect.stringContaining("more than") } },
    ]);
    expect(await readOf(answer, "a")).toMatchObject({ data: expect.any(String) });
    await answer("file.close", { path: there("a") });
    expect(await timesOpen(there("a"))).toBe(0);
    const [late, first] = await Promise.all([open(2), open(3)]);
    expect([late, first]).toMatchObject([{ fault: { code: null } }, { size: 3, fault: null }]);
  });

  it("comes to all who wait for it, and stays open for none", async () => {
    for (const name of ["a", "b"]) await writeFile(there(name), Buffer.alloc(3 * PIECE, name));
    const { files } = joined(image("a", "b"));
    const names = Array.from({ length: 24 }, (_, index) => (index % 3 === 2 ? "b" : "a"));
    const found = await Promise.all(names.map((name) => files.locate(path(name))));
    expect(found.map((each) => each.at(-1))).toEqual(names);
    expect(await timesOpen(there("a"))).toBe(0);
    expect(await timesOpen(there("b"))).toBe(0);
  });

  it("is closed with the request, however often it was opened", async () => {
    await writeFile(there("a"), "a");
    const { answer } = joined(image("a"));
    for (const _ of [1, 2]) await answer("file.open", { path: there("a") });
    await guard[Symbol.asyncDispose]();
    expect(await timesOpen(there("a"))).toBe(0);
  });
});

it("lets a file of checksums bring its signature along, and a key its public half", () => {
  const engine = new Engine({
    implementations: { resources: {}, queries: {}, actions: {} },
    baseDir: "/",
    callerDir: "/me",
  });
  const { files } = namedFiles(engine, contractOf("disk_image", "resource"), [
    {
      path: "a",
      source: { url: "https://example.org/a", sha256: "SUMS", sha512: "a".repeat(128), keyring: "host:/k" },
    },
  ]);
  expect([...files]).toEqual(["/me/SUMS", "/me/SUMS.gpg", "/me/SUMS.asc", "/me/SUMS.sig", "/me/SUMS.sign"]);
});
