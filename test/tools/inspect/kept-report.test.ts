import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, it, vi } from "vitest";
import { keepAnswer, keptAnswer } from "../../../core/host/kept-answer.ts";
import { stampOf } from "../../../core/host/stamp.ts";
import { inspect } from "../../../core/inspect/index.ts";
import { watchStanding } from "../../../core/redo/standing.ts";
import { isBeingWritten } from "../../../core/source/host-file.ts";
import { guestkit } from "../../support/cli.ts";
import { folder } from "../../support/disk.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("kept-report");
const tree = await folder(dir, { "etc/os-release": "ID=debian\n", "usr/bin/x": "x", "etc/hostname": "web\n" });
let cacheDir: string;
let image: string;
let overlay: string;
let count = 0;

beforeEach(async () => {
  count++;
  cacheDir = join(dir, `cache-${count}`);
  image = join(dir, `${count}.raw`);
  overlay = join(dir, `${count}.qcow2`);
  await mkdir(cacheDir, { mode: 0o700 });
  await run("sh", ["-c", `truncate -s 16M "$1" && mke2fs -q -t ext4 -d '${tree}' "$1"`, "sh", image]);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "raw", "-b", image, overlay]);
});

const look = async (path = overlay) => (await inspect(path, { cacheDir })).hostname;

async function entry(): Promise<string> {
  const names = await readdir(join(cacheDir, "inspections"));
  expect(names).toHaveLength(1);
  return join(cacheDir, "inspections", names[0] ?? "");
}

/** Gives what was kept another answer, so that it is seen where it is taken, and a time `later` seconds past the image's. */
async function mark(later: number): Promise<void> {
  const path = await entry();
  await writeFile(path, (await readFile(path, "utf8")).replaceAll('"hostname":"web"', '"hostname":"kept"'));
  const changed = Math.max((await stat(image)).ctimeMs, (await stat(overlay)).ctimeMs) / 1000;
  await utimes(path, changed + later, changed + later);
}

it("is taken while no file of the chain was touched, and is its user's alone", async () => {
  expect(await look()).toBe("web");
  await mark(10);
  expect(await look()).toBe("kept");
  expect((await stat(await entry())).mode & 0o777).toBe(0o600);
});

it.each(["image", "overlay"])("is not taken once the %s was touched", async (which) => {
  await look();
  await mark(10);
  await chmod(which === "image" ? image : overlay, 0o640);
  expect(await look()).toBe("web");
});

it("is not taken where a file changed so shortly before that it could change once more unseen", async () => {
  await look();
  await mark(1);
  expect(await look()).toBe("web");
});

it("is not taken by another release of the program in the same place", async () => {
  await look();
  await mark(10);
  expect(await look()).toBe("kept");
  const program = fileURLToPath(new URL("../../../core/host/kept-answer.ts", import.meta.url));
  const path = await entry();
  const stamped = JSON.stringify([program, stampOf(program)]);
  const text = await readFile(path, "utf8");
  expect(text).toContain(stamped);
  await writeFile(path, text.replace(stamped, JSON.stringify([program, stampOf(image)])));
  await mark(10);
  expect(await look()).toBe("web");
});

it("is not taken where a file changed so shortly before it was read, however long that took", async () => {
  const question = { folder: join(cacheDir, "answers"), files: [image], key: [] };
  const kept = async (age: number) => {
    await keepAnswer(question, { stamps: { files: [[image, stampOf(image)]], age }, answer: "kept" });
    const [name = ""] = await readdir(question.folder);
    const written = (await stat(image)).ctimeMs / 1000 + 10;
    await utimes(join(question.folder, name), written, written);
    return await keptAnswer<string>(question);
  };
  expect(await kept(0)).toBe("kept");
  expect(await kept(9000)).toBeNull();
  const standing = watchStanding();
  await new Promise((resume) => setTimeout(resume, 30));
  expect(standing.stamps()?.age).toBeGreaterThanOrEqual(29);
});

it("is that of these options alone, and of nothing that is garbage", async () => {
  await look();
  await mark(10);
  expect((await inspect(overlay, { cacheDir, format: "qcow2" })).hostname).toBe("web");
  for (const garbage of ["", "{", "null", '{"key":1}', '{"stamps":[]}', '{"stamps":{"files":[1,null]}}']) {
    const names = await readdir(join(cacheDir, "inspections"));
    for (const name of names) await writeFile(join(cacheDir, "inspections", name), garbage);
    expect(await look()).toBe("web");
  }
});

it("is neither kept nor taken of what QEMU writes to", async () => {
  const qemu = spawn("qemu-io", ["-f", "qcow2", overlay], { stdio: ["pipe", "ignore", "inherit"] });
  try {
    await vi.waitFor(async () => expect(await isBeingWritten(overlay)).toBe(true), { timeout: 20_000 });
    expect(await look()).toBe("web");
    expect(await readdir(cacheDir)).toEqual([]);
  } finally {
    qemu.stdin.end("quit\n");
    await once(qemu, "close");
  }
  expect(await look()).toBe("web");
  await mark(10);
  expect(await look()).toBe("kept");
});

it("can be left out on the command line", async () => {
  const told = async (...flags: string[]) => {
    const env = { GUESTKIT_CACHE_DIR: cacheDir };
    const { stdout } = await guestkit(["inspect", "--json", ...flags, overlay], { env });
    return (JSON.parse(stdout.toString()) as { hostname: string }).hostname;
  };
  expect(await told("--no-cache")).toBe("web");
  expect(await readdir(cacheDir)).not.toContain("inspections");
  expect(await told()).toBe("web");
  await mark(10);
  expect(await told()).toBe("kept");
  expect(await told("--no-cache")).toBe("web");
});

it("is never kept of what is encrypted, with its key or without", async () => {
  const locked = join(dir, `${count}.luks`);
  const key = join(dir, "key");
  await writeFile(key, "a passphrase");
  await run("truncate", ["-s", "20M", locked]);
  const cheap = ["--type", "luks2", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000"];
  await run("cryptsetup", ["luksFormat", "-q", ...cheap, "--key-file", key, locked]);
  const { filesystems } = await inspect(locked, { cacheDir });
  expect(filesystems[0]).toMatchObject({ type: "crypto_LUKS" });
  await inspect(locked, { cacheDir, keys: { "*": { file: key } } });
  const env = { GUESTKIT_CACHE_DIR: cacheDir };
  const { exitCode, stdout } = await guestkit(["inspect", "--json", "--key", `*:file:${key}`, locked, locked], { env });
  expect([exitCode, stdout.toString().split("\n").length]).toEqual([0, 3]);
  expect(await readdir(cacheDir)).not.toContain("inspections");
});
