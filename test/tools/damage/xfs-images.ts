import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixture } from "../../support/fixture.ts";
import { withMount } from "../../support/mounted.ts";
import { holds } from "../../support/proof.ts";
import { run } from "../../support/run.ts";

const populate = fileURLToPath(new URL("populate.py", import.meta.url));

/** The smallest that mkfs.xfs makes, which users are not let make. */
const SMALLEST = ["--unsupported", "-q", "-b", "size=1024", "-d", "agcount=1", "-l", "size=3m"];
const UUID = "0123abcd-1111-4222-8333-444455556666";

/** More entries than one leaf of hashes holds, attributes in a leaf, and values in blocks of their own. */
const MORE = `
import os, sys
os.chdir(sys.argv[1])
os.mkdir("node")
for index in range(550): os.link("empty", "node/n%d" % index)
os.symlink("y" * 700, "remote-link")
os.setxattr("small", "user.remote", b"r" * 3000)
for index in range(40): os.setxattr("small", "user.many-%d" % index, b"%d" % index * 20)
os.mkdir("block")
for index in range(20): os.link("empty", "block/b%d" % index)
`;
const CHURN = `
import os, sys
os.chdir(sys.argv[1])
def sync(name):
    fd = os.open(name, os.O_RDWR | os.O_CREAT); os.write(fd, name.encode() * 99); os.fsync(fd); os.close(fd)
os.mkdir("gone")
for index in range(90): os.close(os.open("gone/" + str(index) * 20, os.O_CREAT))
sync("one")
for name in os.listdir("gone"): os.remove("gone/" + name)
os.rmdir("gone")
sync("two")
os.symlink("y" * 500, "dir/logged-link")
open("dir/logged", "wb").write(b"z" * 9000)
os.setxattr("dir/logged", "user.logged", b"v" * 400)
os.rename("small", "renamed")
sync("three")
`;

/** Version 5 cleanly unmounted, version 5 with a log to be replayed, and version 4 as mkfs fills it; by name. */
export async function xfsImages(): Promise<ReadonlyMap<string, Uint8Array>> {
  const recipe = [SMALLEST, UUID, MORE, CHURN, await readFile(populate, "utf8"), 2];
  const names = ["xfs-plain", "xfs-dirty", "xfs-old"];
  const dir = await fixture("damage-xfs", recipe, build, (made) => holds(made, names));
  const files = (await readdir(dir)).sort();
  return new Map(
    await Promise.all(files.map(async (name) => [name, new Uint8Array(await readFile(join(dir, name)))] as const)),
  );
}

async function build(dir: string): Promise<void> {
  await make(join(dir, "xfs-plain"), "reflink=0");
  await withMount(join(dir, "xfs-plain"), "rw", async (mount) => {
    await run("python3", [populate, mount, "plain", "links", "many", "sparse", "deep", "xattrs", "big_xattr"]);
    await run("python3", ["-c", MORE, mount]);
  });
  await make(join(dir, "live"), "reflink=0");
  await withMount(join(dir, "live"), "rw", (mount) => run("python3", [populate, mount, "plain", "links"]));
  await withMount(join(dir, "live"), "rw", async (mount) => {
    await run("python3", ["-c", CHURN, mount]);
    await run("xfs_io", ["-x", "-c", "shutdown -f", mount]);
  });
  await run("mv", [join(dir, "live"), join(dir, "xfs-dirty")]);
  await makeOld(dir);
}

async function make(file: string, features: string): Promise<void> {
  await run("truncate", ["-s", "16M", file]);
  await run("mkfs.xfs", [...SMALLEST, "-m", `uuid=${UUID},${features}`, file]);
}

/** The kernel may not mount it: mkfs fills it from a list of files. */
async function makeOld(dir: string): Promise<void> {
  const content = join(dir, "content");
  await mkdir(content);
  await writeFile(join(content, "file"), "a few words\n".repeat(400));
  const entry = (name: string) => `${name} ---644 0 0 ${join(content, "file")}`;
  const folder = (name: string, count: number) => [
    `${name} d--755 0 0`,
    ...Array.from({ length: count }, (_, index) => `${name}-${index}-${"n".repeat(30)} p--644 1 2`),
    "$",
  ];
  const lines = [
    "/",
    "0 0",
    "d--755 0 0",
    entry("file"),
    `link l--777 0 0 ${"t".repeat(60)}`,
    `far l--777 0 0 ${"t".repeat(400)}`,
    ...folder("short", 2),
    ...folder("block", 20),
    ...folder("leaf", 90),
    "$",
  ];
  const list = join(content, "list");
  await writeFile(list, `${lines.join("\n")}\n`);
  await run("truncate", ["-s", "16M", join(dir, "xfs-old")]);
  await run("mkfs.xfs", [...SMALLEST, "-m", `crc=0,uuid=${UUID}`, "-p", list, join(dir, "xfs-old")]);
  await rm(content, { recursive: true });
}
