/** What another user of this host lays into folders that many share, or owns himself. */
import { chmod, chown, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { fileId, imageRecord } from "../../../core/host/image-record.ts";
import { GUESTKIT, guestkit } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("another");
const [kept, shared] = [join(dir, "kept"), join(dir, "shared")];
await chmod(dir, 0o755);
await mkdir(kept, { mode: 0o700 });
await mkdir(shared);
await chmod(shared, 0o1777);
const OTHER = 54321;
const SECRET = "HOST-ONLY-SECRET";
const isRoot = process.getuid?.() === 0;
const environment = {
  GUESTKIT_DATA_DIR: join(dir, "data"),
  GUESTKIT_CACHE_DIR: join(dir, "cache"),
  GUESTKIT_RUNTIME_DIR: join(dir, "run"),
};
const previous = process.umask(0o022);
afterAll(() => process.umask(previous));

async function secretFile(path: string): Promise<string> {
  await writeFile(path, Buffer.concat([Buffer.from(SECRET), Buffer.alloc(65536 - SECRET.length)]), { mode: 0o600 });
  return path;
}

/** An overlay of somebody else over a file of ours, by a name that he chose. */
async function overlay(path: string, parent: string, owner: number): Promise<string> {
  await run("qemu-img", ["create", "-q", "-u", "-f", "qcow2", "-F", "raw", "-b", parent, path, "64K"]);
  if (isRoot) await chown(path, owner, owner);
  return path;
}

const info = async (image: string) => (await guestkit(["info", image], { env: environment })).stderr;
const copy = async (image: string) => {
  const args = ["create", "--format", "raw", "--source", image, join(dir, `${basename(image)}.copy`), "--json"];
  const { exitCode, stderr } = await guestkit(args, { env: environment });
  return exitCode === 0 ? "copied" : JSON.parse(stderr).error.code;
};

it.runIf(isRoot)("a record of the image's owner vouches for no file that he could not read", async () => {
  const secret = await secretFile(join(kept, "secret"));
  const image = await overlay(join(shared, "vouched.qcow2"), secret, OTHER);
  const id = fileId(await stat(image, { bigint: true }));
  const record = join(shared, ".vouched.qcow2.guestkit.json");
  const declared = { path: image, format: "qcow2", backing_file: secret };
  const content = { format_version: 1, contract: "disk_image", origin: "created", declared };
  await writeFile(record, JSON.stringify({ ...content, details: { file: id, names: [secret] } }));
  expect((await imageRecord(image))?.names).toEqual([secret, secret]);
  await chown(record, OTHER, OTHER);
  // It counts for the format.
  expect(await imageRecord(image)).toMatchObject({ format: "qcow2", names: [] });
  expect(await info(image)).toContain("names a file of this host outside its own folder");
  expect(await copy(image)).toBe("E_BACKING_FOREIGN");
});

it.runIf(isRoot)("an image names no file beside it that its owner could not read", async () => {
  await secretFile(join(shared, "private"));
  const image = await overlay(join(shared, "neighbour.qcow2"), "private", OTHER);
  expect(await info(image)).toContain("that the image's owner may not read");
  expect(await copy(image)).toBe("E_BACKING_FOREIGN");
  await chmod(join(shared, "private"), 0o644);
  expect(await copy(image)).toBe("copied");
});

it("an image that lies in a home names nothing that is hidden there", async () => {
  const home = join(kept, "home");
  await mkdir(join(home, ".ssh"), { recursive: true });
  await secretFile(join(home, ".ssh/id_rsa"));
  const image = await overlay(join(home, "download.qcow2"), ".ssh/id_rsa", 0);
  expect(await info(image)).toContain("names a hidden file of this host");
  expect(await copy(image)).toBe("E_BACKING_FOREIGN");
});

it("a program that lies in the working folder is no tool, where PATH has an empty entry", async () => {
  const cwd = join(shared, "cwd");
  await mkdir(cwd);
  for (const tool of ["flock", "qemu-img", "setpriv", "mke2fs", "sh", "timeout"]) {
    await writeFile(join(cwd, tool), `#!/bin/sh\necho ${tool} >> ${join(dir, "taken")}\nexit 1\n`, { mode: 0o755 });
  }
  const env = { ...environment, PATH: `:${process.env.PATH}::` };
  const args = ["create", "--size", "8M", "--fs", "ext4", "new.qcow2"];
  expect((await guestkit(args, { cwd, env })).exitCode).toBe(0);
  expect(await readFile(join(dir, "taken"), "utf8").catch(() => "none")).toBe("none");
});

it("code that Node is to run is kept in no folder that others may write to", async () => {
  const at = join(dir, "compile");
  await mkdir(at);
  const run = async (cache: string) => {
    // As a user has it: without the one that tests share.
    const env = { TMPDIR: at, GUESTKIT_CACHE_DIR: cache, NODE_COMPILE_CACHE: "" };
    process.umask(0);
    await guestkit(["version"], { env });
    process.umask(0o022);
    return (await readdir(join(cache, "compile")).catch(() => [])).length;
  };
  expect(await run(join(at, "cache"))).toBe(1);
  for (const each of ["cache", "cache/compile"]) expect((await stat(join(at, each))).mode & 0o777).toBe(0o700);
  // Nothing under Node's own name in a folder for everybody.
  expect(await readdir(at)).toEqual(["cache"]);
  await mkdir(join(at, "open/compile"), { recursive: true });
  await chmod(join(at, "open/compile"), 0o777);
  expect(await run(join(at, "open"))).toBe(0);
  // Where there is no place for one, or only a file's, none is kept.
  for (const none of ["/proc/none", process.execPath]) {
    expect(
      (await guestkit(["version"], { env: { TMPDIR: at, GUESTKIT_CACHE_DIR: none, NODE_COMPILE_CACHE: "" } })).exitCode,
    ).toBe(0);
  }
  if (!isRoot) return;
  await mkdir(join(at, "planted/compile"), { recursive: true });
  await chown(join(at, "planted/compile"), OTHER, OTHER);
  expect(await run(join(at, "planted"))).toBe(0);
});

it.runIf(isRoot)("nothing in another user's folder is given away, opened or closed by its name", async () => {
  const theirs = join(dir, "theirs");
  await mkdir(theirs);
  await run("truncate", ["-s", "8M", join(theirs, "disk.qcow2.raw")]);
  await run("mke2fs", ["-q", join(theirs, "disk.qcow2.raw")]);
  await run("qemu-img", ["convert", "-O", "qcow2", join(theirs, "disk.qcow2.raw"), join(theirs, "disk.qcow2")]);
  for (const each of ["", "disk.qcow2"]) await chown(join(theirs, each), OTHER, OTHER);
  const trace = join(dir, "trace");
  const calls = "trace=chown,lchown,fchown,fchownat,chmod,fchmod,fchmodat";
  const traced = (args: readonly string[]) =>
    run("strace", ["-f", "-qq", "-e", calls, "-A", "-o", trace, "env", ...settings, ...GUESTKIT, ...args]);
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  // A use fixes its format, in a record that is given to the owner; then it is taken over and grown, by a redo log.
  await traced(["create", "--format", "raw", "--source", join(theirs, "disk.qcow2"), join(dir, "grown.raw")]);
  const project = {
    version: 1,
    resources: { disk_image: { disk: { path: join(theirs, "disk.qcow2"), size: "16M" } } },
  };
  await writeFile(join(dir, "grow.yaml"), JSON.stringify(project));
  await guestkit(["import", "--file", join(dir, "grow.yaml"), "disk_image.disk", join(theirs, "disk.qcow2")], {
    env: environment,
  });
  await traced(["apply", "--file", join(dir, "grow.yaml"), "--auto-approve"]);
  const lines = (await readFile(trace, "utf8")).split("\n").filter((line) => line.includes(theirs));
  expect(lines).toEqual([]);
  expect(await readFile(trace, "utf8")).toMatch(/fchown\(\d+, 54321, 54321\)/);
});

it("every name of a disk leads to what is recorded of it", async () => {
  const [disk, host] = [join(kept, "disk.raw"), await secretFile(join(dir, "host"))];
  await run("truncate", ["-s", "1M", disk]);
  // A first use fixes what it is; then its guest writes a header.
  expect(await copy(disk)).toBe("copied");
  await overlay(join(dir, "header"), host, 0);
  await run("dd", [`if=${join(dir, "header")}`, `of=${disk}`, "conv=notrunc", "status=none"]);
  await symlink("disk.raw", join(kept, "link.raw"));
  await symlink(kept, join(dir, "folder"));
  await symlink(join(dir, "folder/link.raw"), join(shared, "far.raw"));
  const names = [disk, join(kept, "link.raw"), join(dir, "folder/disk.raw"), join(shared, "far.raw")];
  for (const name of names) {
    const { stdout } = await guestkit(["info", "--json", name], { env: environment });
    expect([name, JSON.parse(String(stdout)).format]).toEqual([name, "raw"]);
  }
  const shell = `exec 9<"${disk}"; exec "$@" /proc/self/fd/9`;
  expect(JSON.parse(await run("sh", ["-c", shell, "sh", ...GUESTKIT, "info", "--json"])).format).toBe("raw");
});
