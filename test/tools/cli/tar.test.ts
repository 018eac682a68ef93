import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GUESTKIT, guestkit } from "../../support/cli.ts";
import { differences, type Facts, hostFacts } from "../../support/compare-tree.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";
import { blankExt4, filledImage } from "./filled-image.ts";

const dir = await scratch("tar");
/** What unpacking cannot keep, by type: sockets are left out of an archive. */
const UNKEPT = ["inode", "atime", "ctime"] as const;

const PYTHON = `
import sys, tarfile
tarfile.open(sys.argv[1]).extractall(sys.argv[2], filter="fully_trusted", numeric_owner=True)
`;

async function archive(): Promise<{ image: string; tar: string; notes: string }> {
  const image = await filledImage();
  const { exitCode, stdout, stderr } = await guestkit(["tar", image]);
  expect(exitCode).toBe(0);
  const tar = join(dir, "image.tar");
  await writeFile(tar, stdout);
  return { image, tar, notes: stderr };
}

/** Sizes and links of folders are the file system's own business; lost+found is there already. */
function comparable(facts: Facts, leaveOut: readonly string[] = []): Facts {
  const kept = [...facts].filter(([, each]) => each.type !== "socket");
  return new Map(
    kept.map(([path, each]) => {
      const unkept = each.type === "directory" ? ["size", "links", ...leaveOut] : leaveOut;
      return [path, Object.fromEntries(Object.entries(each).filter(([key]) => !unkept.includes(key)))];
    }),
  );
}

describe("guestkit tar", () => {
  it("is read back by GNU tar and by Python, with all that they can keep", async () => {
    const { image, tar, notes } = await archive();
    expect(notes).toMatch(/files\/socket: a socket cannot be archived/);
    const copy = join(dir, "copy.raw");
    await copyFile(image, copy);
    const original = await withMount(copy, "replay", (mounted) => hostFacts(mounted, [...UNKEPT]));
    const target = join(dir, "target.raw");
    await blankExt4(target, 512, []);
    await withMount(target, "rw", async (mounted) => {
      const [gnu, python] = [join(mounted, "gnu"), join(mounted, "python")];
      await mkdir(gnu);
      await mkdir(python);
      const flags = ["--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner", "--same-permissions", "--sparse"];
      await run("tar", ["-xf", tar, "-C", gnu, ...flags]);
      await run("python3", ["-c", PYTHON, tar, python]);
      const found = await hostFacts(gnu, [...UNKEPT]);
      expect(differences(comparable(found), comparable(original))).toEqual([]);
      // Python keeps no attributes, and times as floating-point numbers.
      const plain = ["xattrs", "mtime"];
      const read = await hostFacts(python, [...UNKEPT]);
      expect(differences(comparable(read, plain), comparable(original, plain))).toEqual([]);
    });
  });

  it("is read alike by GNU tar's and Python's listings", async () => {
    const { tar } = await archive();
    const script =
      "import sys, tarfile\nfor m in tarfile.open(sys.argv[1]): print(m.name.encode('utf8', 'surrogateescape').hex(), m.size if m.isreg() else 0)";
    const python = (await run("python3", ["-c", script, tar])).trimEnd().split("\n");
    const gnu = await run("sh", [
      "-c",
      'tar -tf "$1" --quoting-style=literal --null --show-transformed-names | wc -l',
      "sh",
      tar,
    ]);
    expect(python.length).toBeGreaterThan(60);
    expect(Number(gnu)).toBeGreaterThanOrEqual(python.length);
    expect(
      python.some((line) => line.startsWith(Buffer.from("./names/\xff\xfe not utf-8", "latin1").toString("hex"))),
    ).toBe(true);
  });

  it("holds a folder's content relative to it, and a file alone", async () => {
    const image = await filledImage();
    const folder = await guestkit(["tar", image, "/files/deep"]);
    await writeFile(join(dir, "folder.tar"), folder.stdout);
    expect((await run("tar", ["-tf", join(dir, "folder.tar")])).split("\n")).toContain("./er/still/leaf");
    const file = await guestkit(["tar", image, "/files/deep/er/still/leaf"]);
    await writeFile(join(dir, "file.tar"), file.stdout);
    expect(await run("tar", ["-xOf", join(dir, "file.tar")])).toBe("leaf\n");
  });

  it("ends quietly when its reader goes", async () => {
    const image = await filledImage();
    const script = `"$0" "$1" tar "$2" | head -c 100000 | wc -c; echo "\${PIPESTATUS[0]}"`;
    expect((await run("bash", ["-c", script, ...GUESTKIT, image])).split("\n").slice(0, 2)).toEqual(["100000", "141"]);
  });
});
