/** Trees that are odd and sound to their kernel: what one meets in images that others made. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { open } from "../../../core/inspect/index.ts";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("odd-trees");
const sh = (script: string) => run("sh", ["-euc", `cd "${dir}"; ${script}`]);

/** mkfs.btrfs numbers files by their source's inode alone: two mounted roots, both inode 2, become one directory. */
it("a directory with two parents is read in both, and a walk that meets it again ends and says so", async () => {
  await sh(`for each in a b; do mkdir -p $each/sub-$each; echo $each > $each/sub-$each/leaf; truncate -s 8M $each.img
      mke2fs -q -t ext4 -d $each $each.img; done
    truncate -s 128M two.img; mkdir -p tree/one tree/other/two
    unshare --mount --propagation private sh -euc 'mount -o loop a.img tree/one; mount -o loop b.img tree/other/two
      mkfs.btrfs -q --rootdir tree two.img; umount tree/one tree/other/two'`);
  const image = join(dir, "two.img");
  const text = (...args: string[]) => guestkitText(args);
  await withMount(image, "ro", async (mount) => {
    const found = (path: string) => run("find", [join(mount, path), "-mindepth", "1", "-printf", "%P\n"]);
    expect(await found("one")).toBe(await found("other/two"));
    const theirs = (await found("one")).trim().split("\n").toSorted();
    expect(theirs).toEqual(["lost+found", "sub-a", "sub-a/leaf"]);
    for (const path of ["/one", "/other/two"]) {
      const entries = (await text("ls", "-R", "--json", image, path)).trim().split("\n");
      expect(entries.map((line) => JSON.parse(line).path.slice(path.length + 1))).toEqual(theirs);
    }
  });
  expect(await text("cat", image, "/other/two/sub-a/leaf")).toBe("a\n");
  const listed = await guestkit(["ls", "-R", image, "/", "--json"]);
  expect(JSON.parse(listed.stderr)).toMatchObject({ error: { code: "E_WALK_LOOP", at: { file: "/other/two" } } });
  const packed = await guestkit(["tar", image]);
  expect(packed.stderr).toMatch(/^Cannot list "\/other\/two": directory \d+ was met already/m);
  expect([listed.exitCode, packed.exitCode]).toEqual([1, 1]);
});

it("a directory of 100,000 entries on xfs is listed like the kernel lists it", async () => {
  const image = join(dir, "crowded.img");
  await sh("truncate -s 300M crowded.img; mkfs.xfs -q crowded.img");
  const fill = `import os, sys
os.chdir(sys.argv[1])
for n in range(100000): os.close(os.open(f"entry-{n}-" + "x" * (n % 40), os.O_CREAT | os.O_WRONLY))`;
  const theirs = await withMount(image, "rw", async (mount) => {
    await run("python3", ["-c", fill, mount]);
    return (await run("find", [`${mount}/`, "-mindepth", "1", "-printf", "%f %i\n"])).trim().split("\n");
  });
  expect(theirs).toHaveLength(100_000);
  await using disk = await open(image);
  const tree = await disk.tree();
  const ours: string[] = [];
  for await (const batch of tree.root.fs.entries(tree.root.inode))
    for (const { name, inode } of batch) ours.push(`${Buffer.from(name)} ${inode}`);
  expect(ours.toSorted().join("\n") === theirs.toSorted().join("\n")).toBe(true);
  for (const line of [theirs[0], theirs[50_000], theirs[99_999]] as string[]) {
    const [name, inode] = line.split(" ");
    expect((await tree.resolve(`/${name}`))?.inode).toBe(Number(inode));
  }
});
