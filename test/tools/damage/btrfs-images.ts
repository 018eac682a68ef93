import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixture } from "../../support/fixture.ts";
import { withMount } from "../../support/mounted.ts";
import { holds } from "../../support/proof.ts";
import { run } from "../../support/run.ts";

const populate = fileURLToPath(new URL("populate.py", import.meta.url));

/** The smallest that mkfs.btrfs makes; one copy of everything, so that no damage is made good. */
const SMALLEST = ["-q", "--mixed", "-n", "4096", "-m", "single", "-d", "single"];
const NAMES = ["btrfs-plain", "btrfs-logged"];

const MORE = `
import os, subprocess, sys
os.chdir(sys.argv[1])
subprocess.run(["btrfs", "subvolume", "create", "tree"], check=True, stdout=subprocess.DEVNULL)
open("tree/file", "wb").write(b"in a subvolume" * 50)
os.mkdir("tree/folder")
subprocess.run(["btrfs", "subvolume", "snapshot", "tree", "shot"], check=True, stdout=subprocess.DEVNULL)
open("packed", "wb").write(b"packed and packed again " * 9000)
open("unpacked", "wb").write(os.urandom(90000))
fd = os.open("allocated", os.O_RDWR | os.O_CREAT)
os.posix_fallocate(fd, 0, 40000)
`;
const WORK = `
import os, sys
os.chdir(sys.argv[1])
def sync(name):
    fd = os.open(name, os.O_RDWR | os.O_CREAT); os.write(fd, name.encode() * 3000); os.fsync(fd); os.close(fd)
os.mkdir("gone")
for index in range(9): os.close(os.open("gone/" + str(index) * 20, os.O_CREAT))
os.sync()
sync("one")
os.rename("small", "renamed")
sync("renamed")
os.remove("gone/" + "3" * 20)
open("gone/logged", "wb").write(b"z" * 9000)
fd = os.open("gone", os.O_RDONLY); os.fsync(fd)
os.setxattr("dir", "user.logged", b"v" * 200)
fd = os.open("dir", os.O_RDONLY); os.fsync(fd)
os.link("one", "dir/two")
sync("dir/two")
`;

/** One cleanly unmounted, and one with a log to be replayed; by name. */
export async function btrfsImages(): Promise<ReadonlyMap<string, Uint8Array>> {
  const recipe = [SMALLEST, MORE, WORK, await readFile(populate, "utf8"), 2];
  const dir = await fixture("damage-btrfs", recipe, build, (made) => holds(made, NAMES));
  const files = NAMES.map(async (name) => [name, new Uint8Array(await readFile(join(dir, name)))] as const);
  return new Map(await Promise.all(files));
}

async function build(dir: string): Promise<void> {
  const [plain, logged] = NAMES.map((name) => join(dir, name)) as [string, string];
  await make(plain);
  await withMount(plain, "rw,compress=lzo", async (mount) => {
    await run("python3", [populate, mount, "plain", "links", "many", "sparse", "xattrs"]);
    await run("python3", ["-c", MORE, mount]);
  });
  const live = join(dir, "live");
  await make(live);
  await withMount(live, "rw,commit=300", async (mount) => {
    await run("python3", [populate, mount, "plain", "links"]);
    await run("python3", ["-c", WORK, mount]);
    await run("cp", [live, logged]);
  });
  await run("rm", [live]);
}

async function make(file: string): Promise<void> {
  await run("truncate", ["-s", "16M", file]);
  await run("mkfs.btrfs", [...SMALLEST, file]);
}
