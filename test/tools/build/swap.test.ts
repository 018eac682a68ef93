/** Another file takes a source's name between the look at it and its copy: what was looked at is what is copied. */
import { readFileSync } from "node:fs";
import { chmod, lstat, mkdir, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { beforeTool } from "../../support/before-tool.ts";
import { GUESTKIT_PROGRAM, guestkitText } from "../../support/cli.ts";
import { atGate } from "../../support/gate.ts";
import { run, scratch } from "../../support/run.ts";
import { debugfs, MIB, partitionOf } from "./workbench.ts";

const dir = await scratch("swap");
const at = (name: string) => join(dir, name);
const SECRET = "HOST-ONLY-SECRET";
await writeFile(at("host"), SECRET.padEnd(MIB, "\n"), { mode: 0o600 });
await run("qemu-img", ["create", "-q", "-f", "qcow2", at("good.qcow2"), "1M"]);
await run("qemu-io", ["-f", "qcow2", "-c", "write -q -P 0x41 0 1M", at("good.qcow2")]);
await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "raw", "-b", at("host"), at("evil.qcow2")]);

const environment = { GUESTKIT_CACHE_DIR: at("cache"), GUESTKIT_DATA_DIR: at("data"), GUESTKIT_RUNTIME_DIR: at("run") };

/** Applies one image in a project folder of its own; gives the bytes of the raw image. */
async function made(name: string, source: object, PATH = process.env.PATH ?? ""): Promise<Buffer> {
  await mkdir(at(name));
  const disk_image = { made: { path: "./made.raw", format: "raw", source } };
  await writeFile(join(at(name), "guestkit.yaml"), JSON.stringify({ version: 1, resources: { disk_image } }));
  await guestkitText(["apply", "--auto-approve"], { cwd: at(name), env: { ...environment, PATH } });
  return readFileSync(join(at(name), "made.raw"));
}

/** Makes a raw image of one partition; gives the path of its file system. */
async function laidOut(name: string, partition: object, PATH = process.env.PATH ?? ""): Promise<string> {
  await mkdir(at(name));
  const layout = { scheme: "gpt", partitions: [{ name: "only", size: "8M", ...partition }] };
  const disk_image = { made: { path: "./made.raw", format: "raw", layout } };
  await writeFile(join(at(name), "guestkit.yaml"), JSON.stringify({ version: 1, resources: { disk_image } }));
  await guestkitText(["apply", "--auto-approve"], { cwd: at(name), env: { ...environment, PATH } });
  return partitionOf(join(at(name), "made.raw"), 0, join(at(name), "only"));
}

/** A folder that others may write to, with a file in it. */
async function sharedFolder(name: string): Promise<string> {
  const folder = at(name);
  await mkdir(folder);
  await writeFile(join(folder, "file"), "harmless", { mode: 0o640 });
  await chmod(folder, 0o777);
  return folder;
}

/** Lays the evil image over a name once qemu-img is about to convert. */
const layOver = (name: string) =>
  beforeTool(
    at(`bin-${name}`),
    "qemu-img",
    `[ "$1" = convert ] && cp ${at("evil.qcow2")} ${at("laid")} && mv -f ${at("laid")} ${at(name)}`,
  );

test("a local source that is renamed over is copied as it was looked at", async () => {
  await run("cp", [at("good.qcow2"), at("local.qcow2")]);
  const bytes = await made("local", { url: at("local.qcow2") }, await layOver("local.qcow2"));
  expect(bytes.equals(Buffer.alloc(MIB, "A"))).toBe(true);
});

test("a local source is copied as its digest was verified", async () => {
  await run("cp", [at("good.qcow2"), at("verified.qcow2")]);
  const sha256 = (await run("sha256sum", [at("good.qcow2")])).slice(0, 64);
  const bytes = await made("verified", { url: at("verified.qcow2"), sha256 }, await layOver("verified.qcow2"));
  expect(bytes.equals(Buffer.alloc(MIB, "A"))).toBe(true);
});

test("a parent of a local source that is renamed over is copied as it was looked at", async () => {
  await run("cp", [at("good.qcow2"), at("parent.qcow2")]);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", "parent.qcow2", at("child.qcow2")]);
  const bytes = await made("child", { url: at("child.qcow2") }, await layOver("parent.qcow2"));
  expect(bytes.equals(Buffer.alloc(MIB, "A"))).toBe(true);
});

test("a link that is laid into a shared folder while it is copied brings no host file", async () => {
  const folder = await sharedFolder("shared");
  const PATH = await beforeTool(at("bin-mcopy"), "mcopy", `ln -sf ${at("host")} ${join(folder, "file")}`);
  const esp = await laidOut("esp", { filesystem: "vfat", content: { directory: folder } }, PATH);
  expect(readFileSync(esp).includes(SECRET)).toBe(false);
  expect(await run("mtype", ["-i", esp, "::/file"])).toBe("harmless");
});

test("a shared folder is copied with modes and owners", async () => {
  const folder = await sharedFolder("attributes");
  const root = await laidOut("ext4", { filesystem: "ext4", content: { directory: folder } });
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  expect(await debugfs(root, "cat /file")).toBe("harmless");
  const stat = await debugfs(root, "stat /file");
  expect(stat).toMatch(/Mode: +0640/);
  expect(stat).toMatch(new RegExp(`User: +${uid} +Group: +${gid} `));
});

test("an archive that is renamed over is one archive to its end", async () => {
  await writeFile(at("file"), "first");
  await run("tar", ["-C", dir, "-cf", at("first.tar"), "file"]);
  await writeFile(at("file"), "other");
  await run("tar", ["-C", dir, "-cf", at("other.tar"), "file"]);
  const swap = `case "$*" in *--overwrite*) mv -f ${at("other.tar")} ${at("first.tar")};; esac`;
  const PATH = await beforeTool(at("bin-tar"), "tar", swap);
  const root = await laidOut("archive", { filesystem: "ext4", content: { tar: at("first.tar") } }, PATH);
  expect(await debugfs(root, "cat /file")).toBe("first");
});

test("an archive's links are kept as they are, and lead nothing of it to the host", async () => {
  await mkdir(at("outside"), { mode: 0o700 });
  const [SYM, FOLDER] = ["tarfile.SYMTYPE", "tarfile.DIRTYPE"];
  await archive("links.tar", [
    ...[`add("link", ${SYM}, "${at("outside")}")`, `add("up", ${SYM}, "../up")`],
    ...[`add("usr/lib", ${FOLDER})`, `add("lib", ${SYM}, "usr/lib")`, `add("lib/file", data=b"through")`],
  ]);
  const root = await laidOut("links", { filesystem: "ext4", content: { tar: at("links.tar") } });
  expect(await debugfs(root, "stat /link")).toContain(`link dest: "${at("outside")}"`);
  expect(await debugfs(root, "stat /up")).toContain('link dest: "../up"');
  expect(await debugfs(root, "cat /usr/lib/file")).toBe("through");
  // A folder that becomes a link: at tar's second pass it is one from the start.
  await archive("turning.tar", [`add("link/.", ${FOLDER})`, `add("link", ${SYM}, "${at("outside")}")`]);
  await laidOut("turning", { filesystem: "ext4", content: { tar: at("turning.tar") } }).catch(() => {});
  expect((await stat(at("outside"))).mode & 0o777).toBe(0o700);
});

async function archive(name: string, entries: readonly string[]): Promise<void> {
  const program = [
    "import io, tarfile",
    `archive = tarfile.open("${at(name)}", "w", format=tarfile.GNU_FORMAT)`,
    "def add(name, type=tarfile.REGTYPE, link='', data=b''):",
    "    info = tarfile.TarInfo(name)",
    "    info.type, info.linkname, info.mode, info.size = type, link, 0o777, len(data)",
    "    archive.addfile(info, io.BytesIO(data))",
    ...[...entries, "archive.close()"],
  ];
  await run("python3", ["-c", program.join("\n")]);
}

test("a link in an image's place is replaced, and what it leads to is left alone", async () => {
  await mkdir(at("place"));
  await writeFile(at("precious"), "precious");
  for (const [name, target] of [
    ["there", "precious"],
    ["dangling", "nowhere"],
  ] as const) {
    await symlink(at(target), at(`place/${name}.raw`));
  }
  const image = (name: string) => ({ path: `./${name}.raw`, format: "raw", size: "1M", overwrite: true });
  const disk_image = { there: image("there"), dangling: image("dangling") };
  await writeFile(at("place/guestkit.yaml"), JSON.stringify({ version: 1, resources: { disk_image } }));
  await guestkitText(["apply", "--auto-approve"], { cwd: at("place"), env: environment });
  for (const name of ["there", "dangling"]) expect((await lstat(at(`place/${name}.raw`))).isFile()).toBe(true);
  expect(readFileSync(at("precious"), "utf8")).toBe("precious");
  await expect(stat(at("nowhere"))).rejects.toThrow("ENOENT");
});

test("no tool opens an input by its name: each is handed what guestkit has open", async () => {
  const inputs = ["traced.qcow2", "traced-parent.qcow2", "traced.tar", "traced-file"].map(at);
  const [child = "", parent = "", tar = "", file = ""] = inputs;
  await run("cp", [at("good.qcow2"), parent]);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", parent, child]);
  await writeFile(file, "text");
  await run("tar", ["-C", dir, "-cf", tar, "traced-file"]);
  const filled = (name: string, filesystem: string) => ({ name, filesystem, size: "8M", content: { tar } });
  const layout = { scheme: "gpt", partitions: [filled("root", "ext4"), filled("esp", "vfat")] };
  const disk_image = {
    copy: { path: "./copy.raw", format: "raw", source: { url: child } },
    made: { path: "./made.qcow2", layout, files: [{ path: "/etc/file", source: file }] },
  };
  await mkdir(at("traced"));
  await writeFile(at("traced/guestkit.yaml"), JSON.stringify({ version: 1, resources: { disk_image } }));
  const trace = `strace -f --decode-pids=comm -e trace=%file -s 4096 -o ${at("trace")}`;
  const command = `cd ${at("traced")} && ${trace} ${GUESTKIT_PROGRAM} apply --auto-approve`;
  await run("sh", ["-c", command], environment);
  const lines = readFileSync(at("trace"), "utf8").split("\n");
  const opened = lines.filter(
    (line) => / open(at2?)?\(/.test(line) && inputs.some((each) => line.includes(`"${each}"`)),
  );
  // All were used, and by guestkit's own threads alone.
  for (const each of inputs) expect(opened.some((line) => line.includes(`"${each}"`))).toBe(true);
  expect(opened.filter((line) => !/^\d+<(node|MainThread|libuv-worker|iou-.*)> /.test(line))).toEqual([]);
  expect(lines.some((line) => /<qemu-img> open.*"\/dev\/fd\/3"/.test(line))).toBe(true);
});

let asked = 0;
const server = createServer((_, response) => {
  response.setHeader("etag", `"${++asked}"`);
  response.end(readFileSync(at(asked === 1 ? "good.qcow2" : "evil.qcow2")));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
afterAll(() => server.close().closeAllConnections());

test("a server's second answer never touches the first one, which is in use", async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/image.qcow2`;
  const wait = `[ "$1" = convert ] && touch ${at("ready")} && ${atGate(at("go"))}`;
  const first = made("first", { url }, await beforeTool(at("bin-wait"), "qemu-img", wait));
  await Promise.race([first, run("sh", ["-c", atGate(at("ready"))])]);
  await expect(made("second", { url })).rejects.toThrow("has a backing file");
  await writeFile(at("go"), "");
  expect((await first).equals(Buffer.alloc(MIB, "A"))).toBe(true);
  expect(asked).toBe(2);
});
