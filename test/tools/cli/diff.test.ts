import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { diffOf, makePackages, pairIsTold, pairOf } from "../../support/diff-pairs/index.ts";
import { scratch } from "../../support/scratch.ts";
import { share } from "../../support/slow.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("diff");
const packages = await makePackages(join(dir, "packages"));

const shell = (top: string, script: string) => run("bash", ["-euc", `cd "$1"; ${script}`, "bash", top]);

const lines = async (...args: readonly string[]) =>
  (await diffOf(...args)).map(({ group, change, name, from, fields }) =>
    [
      group,
      change,
      ...(from ? [from] : []),
      name,
      ...Object.entries(fields).map(([field, pair]) => `${field} ${pair}`),
    ].join(" "),
  );

const status = (...packages: readonly string[]) =>
  packages
    .map(
      (each) =>
        `Package: ${each.split("=")[0]}\nStatus: install ok installed\nVersion: ${each.split("=")[1]}\nArchitecture: all\n`,
    )
    .join("\n");
const passwd = (...names: readonly string[]) =>
  names.map((name, at) => `${name}:x:${at}:${at}::/home/${name}:/bin/sh\n`).join("");
const image = async (name: string, files: Readonly<Record<string, string>>) => {
  const root = join(dir, name);
  for (const folder of ["etc", "usr/bin", "var/lib/dpkg"]) await mkdir(join(root, folder), { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
  await run("mke2fs", ["-q", "-t", "ext4", "-d", root, join(dir, `${name}.img`), "16M"]);
  return join(dir, `${name}.img`);
};

const TYPES = share(["ext4", "xfs", "btrfs"] as const, (type) => type === "xfs");
/** Pairs that chance makes, by seed: those on xfs are enough here. */
const PAIRS = share<readonly ["ext4" | "xfs" | "btrfs", number]>(
  [
    ["ext4", 0],
    ["xfs", 1],
    ["btrfs", 2],
  ],
  ([type]) => type !== "xfs",
);

describe("guestkit diff", () => {
  it.each(TYPES)("tells what was done to files of %s, and nothing else", async (type) => {
    const [before, after] = await pairOf(
      join(dir, type),
      type,
      (top) =>
        shell(
          top,
          `mkdir -p etc/sub opt; echo one > etc/same; echo two > etc/content; echo three > etc/mode; echo four > etc/owner
       ln -s same etc/link; echo gone > etc/gone; head -c 5000 /dev/urandom > opt/moves; echo x > etc/type; touch etc/time
       echo a > etc/attr; head -c 300000 /dev/zero > opt/large; mkfifo opt/pipe`,
        ),
      (top) =>
        shell(
          top,
          `echo TWO > etc/content; chmod 600 etc/mode; chown 1:2 etc/owner; ln -sfn other etc/link; rm etc/gone; mv opt/moves etc/sub/moved
       rm etc/type; mkdir etc/type; touch -d 2001-01-01 etc/time; python3 -c 'import os; os.setxattr("etc/attr", "user.a", b"1")'; echo new > etc/new
       printf x | dd of=opt/large bs=1 seek=250000 conv=notrunc status=none; mv opt/pipe opt/pipe2`,
        ),
    );
    const expected = [
      "files modified /etc/attr xattr user.a ,31",
      "files modified /etc/content content 4,4",
      "files removed /etc/gone",
      "files modified /etc/link target same,other",
      "files modified /etc/mode mode 0644,0600",
      "files added /etc/new",
      "files modified /etc/owner owner 0:0,1:2",
      "files modified /etc/type type file,directory",
      "files modified /opt/large content 300000,300000",
      "files removed /opt/pipe",
      "files added /opt/pipe2",
      "files renamed /opt/moves /etc/sub/moved",
    ];
    expect(await lines(before, after)).toEqual(expected);
    expect(await lines("--times", before, after)).toContainEqual(
      expect.stringMatching(/^files modified \/etc\/time mtime /),
    );
    expect((await lines("--path", "/opt", before, after)).every((line) => line.includes(" /opt/"))).toBe(true);
    expect(await lines(before, before)).toEqual([]);
  });

  it("tells packages, users and fields of a system", async () => {
    const old = await image("old", {
      "etc/os-release": "ID=debian\nVERSION_ID=11\n",
      "etc/passwd": passwd("root", "ada"),
      "var/lib/dpkg/status": status("a=1-1", "b=2", "c=3"),
    });
    const now = await image("now", {
      "etc/os-release": "ID=debian\nVERSION_ID=12\n",
      "etc/passwd": passwd("root", "eve"),
      "var/lib/dpkg/status": status("a=1:1-2", "c=3", "d=4"),
    });
    const told = (await lines(old, now)).filter((line) => !line.startsWith("files "));
    expect(told).toEqual([
      "system modified version value 11,12",
      "packages modified a:all version 1-1,1:1-2",
      "packages removed b:all version 2,",
      "packages added d:all version ,4",
      expect.stringMatching(/^users removed ada uid 1,/),
      expect.stringMatching(/^users added eve uid ,1/),
      expect.stringMatching(/^filesystems modified \/dev\/sda uuid /),
    ]);
    expect((await guestkit(["diff", "--stat", old, now])).stdout.toString()).toMatch(
      /^packages +1 added, 1 removed, 1 modified$/m,
    );
  });

  it("says what could not be read in either, and takes it for no equality", async () => {
    const [good, bad] = [
      await image("good", { "etc/os-release": "ID=debian\n", "var/lib/dpkg/status": status("a=1", "b=2") }),
      await image("bad", { "etc/os-release": "ID=debian\n", "var/lib/dpkg/status": "Version: 1\n" }),
    ];
    const { stdout, stderr, exitCode } = await guestkit(["diff", good, bad]);
    expect(String(stdout)).toMatch(/^packages:\n {2}\? packages {2}after: E_DPKG_\w+: Cannot /m);
    expect(String(stderr)).toContain(`${bad}: /dev/sda: packages cannot be read`);
    expect(exitCode).toBe(2);
    const same = await guestkit(["diff", "--stat", bad, bad]);
    expect({ ...same, stdout: String(same.stdout) }).toMatchObject({ exitCode: 1, stdout: "packages  1 unread\n" });
    expect(same.stderr).toContain("Cannot tell whether");
    const project = [
      `version: 1`,
      `queries: { image_diff: { both: { before: ${JSON.stringify(bad)}, after: ${JSON.stringify(bad)} } } }`,
      `outputs: { is_different: "\${image_diff.both.is_different}", unread: "\${image_diff.both.unread}", first: "\${image_diff.both.changes}" }`,
    ];
    await writeFile(join(dir, "guestkit.yaml"), project.join("\n"));
    const applied = await guestkit(["apply", "--auto-approve", "--file", join(dir, "guestkit.yaml")]);
    expect(applied.exitCode, applied.stderr).toBe(0);
    const outputs = await guestkit(["output", "--json", "--file", join(dir, "guestkit.yaml")]);
    expect(JSON.parse(String(outputs.stdout))).toMatchObject({
      is_different: null,
      unread: 1,
      first: [
        {
          group: "packages",
          change: "unread",
          differences: [
            { field: "error", before: expect.stringContaining("packages"), after: expect.stringContaining("packages") },
          ],
        },
      ],
    });
  });

  it("compares one file, or a folder by whatever way it is spelled, and no path that neither image has", async () => {
    const one = await image("path-one", { "etc/motd": "hello\n", "usr/bin/a": "a" });
    const two = await image("path-two", { "etc/motd": "HELLO\n", "usr/bin/a": "b" });
    const files = async (path: string) =>
      (await lines("--path", path, one, two)).filter((line) => line.startsWith("files "));
    for (const path of ["/etc/motd", "etc/motd", "//etc//motd"])
      expect(await files(path)).toEqual(["files modified /etc/motd content 6,6"]);
    for (const path of ["/etc", "/etc/"]) expect(await files(path)).toEqual(["files modified /etc/motd content 6,6"]);
    const missing = await guestkit(["diff", "--path", "/nope", one, two]);
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain('Cannot compare "/nope": neither image has it');
  });

  it("compares disks without a system by their file systems, and blank ones without any", async () => {
    const disk = async (name: string, words: readonly string[]) => {
      const image = join(dir, `${name}.img`);
      await run("truncate", ["-s", "40M", image]);
      if (words.length === 0) return image;
      await run("sh", ["-c", 'printf "label: gpt\\nsize=16M\\nsize=16M\\n" | sfdisk -q "$1"', "sh", image]);
      for (const [at, word] of words.entries()) {
        const root = join(dir, `${name}-${at}`);
        await mkdir(root);
        await writeFile(join(root, "file"), word);
        const options = [
          "-q",
          "-F",
          "-t",
          "ext4",
          "-d",
          root,
          "-E",
          `offset=${(1 + 16 * at) << 20}`,
          "-U",
          `00000000-0000-4000-8000-00000000000${at}`,
        ];
        await run("mke2fs", [...options, image, "16384k"]);
      }
      return image;
    };
    const [one, two] = [await disk("one", ["same", "before"]), await disk("two", ["same", "after!"])];
    expect((await lines(one, two)).filter((line) => line.startsWith("files "))).toEqual([
      "files modified /dev/sda2:/file content 6,6",
    ]);
    const blank = await disk("blank", []);
    expect(await lines(blank, blank)).toEqual([]);
    await writeFile(join(dir, "text.img"), "text\n".repeat(512));
    const said = String((await guestkit(["diff", join(dir, "text.img"), blank])).stderr);
    expect(said).toContain("--image-format raw");
    expect(await lines("--image-format", "raw", join(dir, "text.img"), blank)).toEqual([
      `filesystems modified /dev/sda content 2560,${40 << 20}`,
    ]);
    expect((await lines(blank, one)).every((line) => line.startsWith("filesystems "))).toBe(true);
  });

  it.each(PAIRS)("agrees with diff(1), the kernel, dpkg and rpm about random changes: %s, %i", (type, seed) =>
    pairIsTold(dir, packages, type, seed),
  );
});
