/** A change in place that was cut off after its redo log got its name: readers, the next apply, and who else may come. */
import { readFileSync, statSync } from "node:fs";
import { copyFile, lstat, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { beforeTool } from "../../support/before-tool.ts";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";
import { share } from "../../support/slow.ts";
import { toRaw } from "./workbench.ts";

const dir = await scratch("redo");
const at = (name: string) => join(dir, name);
const env = { GUESTKIT_CACHE_DIR: at("cache"), GUESTKIT_DATA_DIR: at("data"), GUESTKIT_RUNTIME_DIR: at("run") };
const POWER_FAILS = `[ "$1" = commit ] && { kill -9 $PPID; exit 1; }`;
const PATH = await beforeTool(at("bin"), "qemu-img", POWER_FAILS);

type Format = "raw" | "qcow2";

/** A project folder with one image, and short words for what the tests do with it. */
async function project(name: string, format: Format = "raw") {
  const folder = at(name);
  await mkdir(folder, { mode: 0o755 });
  const image = join(folder, `web.${format}`);
  const log = join(folder, `.web.${format}.guestkit-redo`);
  const declare = (content: string, size = "24M") => {
    const layout = { partitions: [{ name: "root", filesystem: "ext4" }] };
    const web = { path: image, format, size, layout, files: [{ path: "/hello", content }] };
    const text = JSON.stringify({ version: 1, resources: { disk_image: { web } } });
    return writeFile(join(folder, "guestkit.yaml"), text);
  };
  const call = (args: readonly string[], more = {}) => guestkit(args, { cwd: folder, env: { ...env, ...more } });
  const text = (args: readonly string[]) => guestkitText(args, { cwd: folder, env });
  const apply = (more = {}) => call(["apply", "--auto-approve"], more);
  return { folder, image, log, declare, call, text, apply };
}

type Project = Awaited<ReturnType<typeof project>>;

/** The image holds v1, and a log that binds makes v2 of it. */
async function cutOff(name: string, format: Format = "raw", size?: string): Promise<Project> {
  const made = await project(name, format);
  await made.declare("v1\n");
  await made.text(["apply", "--auto-approve"]);
  await made.declare("v2\n", size);
  await made.apply({ PATH });
  expect(statSync(made.log).isFile()).toBe(true);
  return made;
}

/** Bytes at which sectors stand that the log changes. */
async function changedSectors(web: Project): Promise<readonly number[]> {
  const [old, wanted] = [await toRaw(web.image, at("old")), await toRaw(web.log, at("wanted"))].map((path) =>
    readFileSync(path),
  );
  if (!old || !wanted) throw new Error("no image");
  const offsets = Array.from({ length: wanted.length / 512 }, (_, index) => index * 512);
  return offsets.filter((offset) => !old.subarray(offset, offset + 512).equals(wanted.subarray(offset, offset + 512)));
}

/** Lays half of what the log changes over the image, as a commit does that is killed, in the middle of a block. */
async function commitHalf(web: Project, format: Format): Promise<void> {
  const changed = await changedSectors(web);
  const done = changed.slice(0, Math.floor(changed.length / 2));
  expect(done.length).toBeGreaterThan(0);
  const wanted = readFileSync(at("wanted"));
  await writeFile(at("sectors"), Buffer.concat(done.map((offset) => wanted.subarray(offset, offset + 512))));
  const commands = done.map(
    (offset, index) =>
      `dd if=sectors of=sector bs=512 skip=${index} count=1 status=none; qemu-io -f ${format} -c 'write -q -s sector ${offset} 512' '${web.image}'`,
  );
  await run("sh", ["-ec", `cd '${dir}'; ${commands.join("\n")}`]);
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

const FORMATS = share<Format>(["raw", "qcow2"], (format) => format === "qcow2");

describe.each(FORMATS)("a cut-off change of a %s image", (format) => {
  test("is read as it will be, planned, and finished by the apply alone", async () => {
    const web = await cutOff(`whole-${format}`, format);
    const before = readFileSync(web.image);
    expect(await web.text(["cat", web.image, "/hello"])).toBe("v2\n");
    expect((await web.call(["inspect", web.image])).stderr).toContain("is not finished yet");
    expect(await web.text(["plan"])).toContain("a change was cut off and is to be finished");
    expect(readFileSync(web.image).equals(before)).toBe(true);
    expect(await isThere(web.log)).toBe(true);
    await web.text(["apply", "--auto-approve"]);
    expect(await isThere(web.log)).toBe(false);
    expect(await web.text(["cat", web.image, "/hello"])).toBe("v2\n");
    expect(await web.text(["plan"])).toContain("No changes");
  });

  test("is finished though half of its commit were done", async () => {
    const web = await cutOff(`half-${format}`, format);
    await commitHalf(web, format);
    expect(await web.text(["cat", web.image, "/hello"])).toBe("v2\n");
    await web.text(["apply", "--auto-approve"]);
    expect(await web.text(["cat", web.image, "/hello"])).toBe("v2\n");
    expect(await web.text(["plan"])).toContain("No changes");
    if (format === "qcow2") await run("qemu-img", ["check", "-q", web.image]);
  });

  test("is not laid over what somebody wrote to it since", async () => {
    const web = await cutOff(`stale-${format}`, format);
    // The superblock of the partition at 1 MiB: whatever changes a file system changes it.
    await run("qemu-io", ["-f", format, "-c", "write -q -P 0x77 1025k 512", web.image]);
    const before = readFileSync(web.image);
    expect((await web.call(["info", web.image])).stderr).toContain("stale: the image was written to");
    const { exitCode, stderr } = await web.apply();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("stale: the image was written to since it was made (byte 1049600)");
    expect(stderr).toContain(`qemu-img commit "${web.log}" && rm "${web.log}"`);
    expect(readFileSync(web.image).equals(before)).toBe(true);
    expect(await isThere(web.log)).toBe(true);
    await run("sh", ["-c", `qemu-img commit -q "${web.log}" && rm "${web.log}"`]);
    expect(await web.text(["cat", web.image, "/hello"])).toBe("v2\n");
  });

  test("keeps what was written beside what it changes", async () => {
    const web = await cutOff(`beside-${format}`, format);
    await run("qemu-io", ["-f", format, "-c", "write -q -P 0x55 64k 512", web.image]);
    await web.text(["apply", "--auto-approve"]);
    await run("qemu-io", ["-f", format, "-c", "read -q -P 0x55 64k 512", web.image]);
    expect(await web.text(["cat", web.image, "/hello"])).toBe("v2\n");
  });
});

test("a cut-off growth is read at its new size, and with the files of the same apply", async () => {
  const web = await cutOff("grown", "raw", "32M");
  expect(statSync(web.image).size).toBe(24 << 20);
  expect(await web.text(["info", web.image])).toContain("33554432 bytes");
  expect(await web.text(["cat", web.image, "/hello"])).toBe("v2\n");
  await web.text(["apply", "--auto-approve"]);
  expect(statSync(web.image).size).toBe(32 << 20);
  expect(await web.text(["cat", web.image, "/hello"])).toBe("v2\n");
});

test("a log is not laid over another image that took the place of its own", async () => {
  const web = await cutOff("replaced");
  await copyFile(web.image, at("copy"));
  await run("mv", [at("copy"), web.image]);
  expect((await web.apply()).stderr).toContain("was made over another file than lies there now");
  expect(await web.text(["cat", web.image, "/hello"])).toBe("v1\n");
});

test("an image with a log is finished before a machine starts from it, and one that is stale starts none", async () => {
  const web = await cutOff("machine");
  const disks = { root: { image: web.image } };
  const machine = { name: "redo", running: true, memory: "64M", preflight: "off", wait_for: [], disks };
  const timeouts = { stop: 0, quit: 10 };
  const resources = { virtual_machine: { redo: { ...machine, timeouts } } };
  // In a folder of its own: what a project owns is listed a folder.
  const other = join(web.folder, "vm");
  await mkdir(other);
  await writeFile(join(other, "guestkit.yaml"), JSON.stringify({ version: 1, resources }));
  const up = () => guestkit(["apply", "--auto-approve"], { cwd: other, env });
  const down = () => web.call(["vm", "destroy", "--force", "redo"]);
  onTestFinished(async () => void (await down()));
  const first = await up();
  expect(first.exitCode, first.stderr).toBe(0);
  await down();
  expect(await isThere(web.log)).toBe(false);
  expect(await web.text(["cat", web.image, "/hello"])).toBe("v2\n");
  await web.declare("v3\n");
  await web.apply({ PATH });
  const [changed] = await changedSectors(web);
  await run("qemu-io", ["-f", "raw", "-c", `write -q -P 0x5a ${changed} 512`, web.image]);
  const { exitCode, stderr } = await up();
  expect(exitCode).toBe(1);
  expect(stderr).toContain(web.log);
  expect(await isThere(web.log)).toBe(true);
});

test("an image with a log is finished before it is a source", async () => {
  const web = await cutOff("source");
  const copy = { path: at("copied.raw"), format: "raw", source: { url: web.image } };
  await mkdir(at("copying"));
  const text = JSON.stringify({ version: 1, resources: { disk_image: { copy } } });
  await writeFile(at("copying/guestkit.yaml"), text);
  await guestkitText(["apply", "--auto-approve"], { cwd: at("copying"), env });
  expect(await web.text(["cat", copy.path, "/hello"])).toBe("v2\n");
  expect(await isThere(web.log)).toBe(false);
});

describe("what lies under a log's name without an announcement", () => {
  const overlay = `qemu-img create -q -f qcow2 -F raw -b ./web.raw LOG && qemu-io -f qcow2 -c 'write -q -P 0x58 0 512' LOG`;
  const planted: readonly (readonly [what: string, make: string, says: string])[] = [
    ["an older release's log", overlay, "was announced by no record"],
    [
      "a log with a data file",
      `qemu-img create -q -f qcow2 -o data_file=./hosx,data_file_raw=on LOG 24M && rm hosx && sed -i 's|./hosx|./host|' LOG`,
      "was announced by no record",
    ],
    ["a log over another parent", "qemu-img create -q -f qcow2 -F raw -b ./host LOG", "was announced by no record"],
    ["a log that others may write to", `${overlay} && chmod 666 LOG`, "is not to be believed: others may write to it"],
    ["another user's log", `${overlay} && chown 65534:65534 LOG`, "is not to be believed: user 65534 owns it"],
    ["a FIFO", "mkfifo LOG", "is no regular file"],
    ["a directory", "mkdir LOG", "is no regular file"],
    ["a link to what never ends", "ln -s /dev/zero LOG", "is no regular file"],
    ["a sparse file of 10 GiB", "truncate -s 10G LOG", "was announced by no record"],
  ];

  /** Others are none of the record's as these are, and no files. */
  const others = /^an older|parent$|^a FIFO|^a sparse/;
  const here = share(planted, ([what]) => others.test(what));

  test.each(here)("%s is told, and neither believed nor removed", async (what, make, says) => {
    const web = await planting();
    await run("sh", ["-ec", `cd '${web.folder}'; ${make.replaceAll("LOG", ".web.raw.guestkit-redo")}`]);
    const before = readFileSync(web.image);
    const { exitCode, stderr } = await web.call(["plan"]);
    expect([what, exitCode]).toEqual([what, 0]);
    expect(stderr).toContain(says);
    expect(stderr).toContain(`rm ${/FIFO|directory|link|believed/.test(what + says) ? "-r " : ""}"${web.log}"`);
    expect((await web.call(["cat", web.image, "/hello"])).stdout.toString()).toBe("v1\n");
    expect(readFileSync(web.image).equals(before)).toBe(true);
    expect(await lstat(web.log)).toBeTruthy();
    await rm(web.log, { recursive: true });
  });

  test("no change is made while one lies there", async () => {
    const web = await planting();
    await run("sh", ["-ec", `cd '${web.folder}'; ${overlay.replaceAll("LOG", ".web.raw.guestkit-redo")}`]);
    const before = readFileSync(web.image);
    await web.declare("v3\n");
    expect((await web.apply()).stderr).toContain("was announced by no record");
    expect(readFileSync(web.image).equals(before)).toBe(true);
    await rm(web.log);
    await web.text(["apply", "--auto-approve"]);
    expect(await web.text(["cat", web.image, "/hello"])).toBe("v3\n");
  });

  let made: Project | undefined;
  async function planting(): Promise<Project> {
    if (made) return made;
    made = await project("planted");
    await made.declare("v1\n");
    await writeFile(join(made.folder, "host"), Buffer.alloc(24 << 20, "HOST-ONLY-SECRET\n"), { mode: 0o600 });
    await made.text(["apply", "--auto-approve"]);
    return made;
  }
});
