import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { diffOf, MKFS } from "../../support/diff-pairs/index.ts";
import { withExport } from "../../support/exported.ts";
import { withMount } from "../../support/mounted.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("diff-chains");
const at = (name: string) => join(dir, name);

const edit = (top: string, script: string) => run("bash", ["-euc", `cd "$1"; ${script}`, "bash", top]);

async function overlay(name: string, base: readonly [file: string, format: string], options: string, script: string) {
  const image = at(name);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-o", options, "-b", base[0], "-F", base[1], image]);
  await withExport(image, `${image}-disk`, (raw) => withMount(raw, "rw", (top) => edit(top, script)));
  return image;
}

describe("a diff of images with parents", () => {
  it("says what a diff of the flat disks says, whatever their clusters and chains are and wherever a file's blocks moved", async () => {
    const base = at("base.raw");
    await run("truncate", ["-s", "64M", base]);
    await run(MKFS.ext4[0], [...MKFS.ext4.slice(1), base]);
    await withMount(base, "rw", (top) =>
      edit(
        top,
        `mkdir d; for i in $(seq 60); do head -c 100k /dev/urandom > d/$i; done; head -c 3M /dev/urandom > large
         truncate -s 3M sparse; head -c 3M /dev/zero > zeros; ln d/1 hard; cp d/2 twin`,
      ),
    );
    // The same content at other blocks, other content at the same ones, zeros for holes and holes for zeros.
    const one = await overlay(
      "one.qcow2",
      [base, "raw"],
      "cluster_size=4k",
      `cp large l2; rm large; mv l2 large; printf x | dd of=d/5 bs=1 seek=50000 conv=notrunc status=none
       fallocate -d zeros; dd if=/dev/zero of=sparse bs=1M count=3 conv=notrunc status=none; rm d/7 d/8`,
    );
    const middle = await overlay(
      "middle.qcow2",
      [base, "raw"],
      "cluster_size=64k",
      "head -c 100k /dev/urandom > d/9; mv d/10 d/ten",
    );
    const two = await overlay(
      "two.qcow2",
      [middle, "qcow2"],
      "cluster_size=2M,extended_l2=on",
      "printf y | dd of=hard bs=1 seek=1 conv=notrunc status=none; rm twin; cp d/2 twin; printf z >> d/11",
    );
    const flat = async (image: string) => {
      await run("qemu-img", ["convert", "-O", "raw", image, `${image}.raw`]);
      return `${image}.raw`;
    };
    const [flatOne, flatTwo] = [await flat(one), await flat(two)];
    const expected = await diffOf(flatOne, flatTwo);
    expect(expected.map(({ change, name, from }) => [change, from, name].filter(Boolean).join(" "))).toEqual([
      "modified /d/1",
      "modified /d/11",
      "modified /d/5",
      "modified /d/9",
      "modified /hard",
      "added /d/7",
      "added /d/8",
      "renamed /d/10 /d/ten",
    ]);
    for (const pair of [
      [one, two],
      [flatOne, two],
      [one, flatTwo],
    ] as const)
      expect(await diffOf(...pair)).toEqual(expected);
    expect(await diffOf(one, flatOne)).toEqual([]);
    expect(await diffOf(two, flatTwo)).toEqual([]);
  });

  it("tells names and targets that are no text, or would be more than that, one from another", async () => {
    const make = `
import os, sys
top = os.fsencode(sys.argv[1])
at = lambda name: os.path.join(top, name)
for name in (b"new\\nline", b"\\xff", b"\\xfe", b"esc\\x1b[2J", "é".encode(), "e\\u0301".encode(), b"  ", b"->"):
    open(at(name), "wb").write(sys.argv[2].encode())
os.symlink(sys.argv[2].encode() + b"\\xff", at(b"link"))
os.symlink(b"\\xfe" if sys.argv[2] == "b" else b"\\xff", at(b"bytes"))
os.symlink(b"\\xef\\xbb\\xbfx" if sys.argv[2] == "b" else b"x", at(b"mark"))`;
    const disks = [];
    for (const side of ["a", "b"]) {
      const [tree, image] = [at(`names-${side}`), at(`names-${side}.img`)];
      await run("mkdir", [tree]);
      await run("python3", ["-c", make, tree, side]);
      await run("mke2fs", ["-q", "-t", "ext4", "-U", "01234567-89ab-4def-8123-456789abcdef", "-d", tree, image, "16M"]);
      disks.push(image);
    }
    const told = await diffOf(...disks);
    expect(told.map(({ name, name_base64 }) => name_base64 ?? name)).toEqual([
      ...["/  ", "/->", "/bytes", "/esc\u001b[2J", "/e\u0301", "/link", "/mark", "/new\nline", "/\u00e9"],
      ...[Buffer.from("/\xfe", "latin1"), Buffer.from("/\xff", "latin1")].map((each) => each.toString("base64")),
    ]);
    const targets = Object.fromEntries(told.map(({ name, fields }) => [name, fields.target]));
    expect(targets["/bytes"]).toEqual(["base64:/w==", "base64:/g=="]);
    expect(targets["/mark"]).toEqual(["x", "\ufeffx"]);
    const text = String((await guestkit(["diff", ...disks])).stdout);
    expect(text.trimEnd().split("\n")).toHaveLength(1 + told.length);
    expect(text).toContain("/new\\x0aline");
    expect([...text].filter((char) => char !== "\n" && /\p{Cc}/u.test(char))).toEqual([]);
  });
});
