import { stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { pairOf, type Told } from "../../support/diff-pairs/index.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("diff-hostile");

const shell = (script: string) => (top: string) => run("bash", ["-euc", `cd "$1"; ${script}`, "bash", top]);

/** What a diff says, and how it ended: never by a fault of ours. */
async function diff(...args: readonly string[]) {
  const { stdout, stderr, exitCode } = await guestkit(["diff", "--json", ...args]);
  expect(`${stdout}${stderr}`).not.toContain("E_INTERNAL");
  const told = String(stdout).split("\n").filter(Boolean);
  return { told: told.map((line): Told => JSON.parse(line)), exitCode, stderr };
}

/** `modified /etc/motd content`, `unread /etc E_WALK_LOOP null`: fields of the one, the reasons of the other. */
const spelled = ({ group, change, name, fields }: Told) => {
  const reasons = (fields.error ?? []).map((each) => (each === null ? null : String(each).replace(/:.*/s, "")));
  return [group, change, name, ...(change === "unread" ? reasons : Object.keys(fields))].join(" ");
};

const SYSTEM = `mkdir -p etc usr/bin usr/lib/systemd/system var/lib/dpkg home; echo ID=debian > etc/os-release
  echo root:x:0:0::/root:/bin/sh > etc/passwd; echo root:x:0: > etc/group; echo a > etc/motd; touch var/lib/dpkg/status`;

describe("a diff of hostile guests", () => {
  it("names what is too large, links that loop or lead out, and compares the rest", async () => {
    const pair = await pairOf(
      join(dir, "links"),
      "ext4",
      shell(SYSTEM),
      shell(`echo b > etc/motd; truncate -s 15G var/lib/dpkg/status; truncate -s 15G etc/passwd
        rm etc/group; ln -s group2 etc/group; ln -s group etc/group2; ln -s /proc/1/root/etc home/out
        ln -s ../../../../../../../../etc/shadow home/up; rmdir usr/bin; ln -s ../bin usr/bin; ln -s usr/bin bin`),
    );
    for (const images of [pair, pair.toReversed()]) {
      const { told, exitCode } = await diff(...images);
      const lines = told.map(spelled);
      for (const part of ["packages", "users", "groups"])
        expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${part} unread ${part} .*E_`)));
      expect(lines).toContain("files modified /etc/motd content");
      expect(lines.filter((line) => / \/(home|bin|usr\/bin)/.test(line))).toHaveLength(4);
      expect(exitCode).toBe(2);
    }
    // The same guest on both sides: nothing differs, and that is not said.
    expect((await diff(pair[1], pair[1])).exitCode).toBe(1);
  });

  it("compares files of petabytes by what they hold, and takes for no equality what is larger than a number", async () => {
    const [before, after] = await pairOf(
      join(dir, "large"),
      "xfs",
      shell("truncate -s 9223372036854775807 limit; truncate -s 4P hole; truncate -s 4P zeros"),
      shell(`printf x | dd of=hole bs=1 seek=2251799813685248 conv=notrunc status=none
        python3 -c 'import os; os.pwrite(os.open("zeros", os.O_RDWR), bytes(1 << 20), 1 << 50)'`),
    );
    const { told, exitCode } = await diff(before, after);
    expect(told.map(spelled)).toEqual(["files modified /hole content", "files unread /limit E_XFS_INODE E_XFS_INODE"]);
    expect(exitCode).toBe(2);
  });

  it("tells a folder that leads into itself, and what lies below it of neither", async () => {
    const [before, after] = await pairOf(
      join(dir, "loop"),
      "ext4",
      shell(`${SYSTEM}; mkdir -p a/b; echo x > a/b/file; echo y > z`),
      shell("echo Y > z"),
    );
    await run("debugfs", ["-w", "-R", "ln /a /a/b/again", after]);
    const lines = (await diff(before, after)).told.map(spelled);
    expect(lines).toEqual([
      expect.stringMatching(/^files added \/a\/b\/again/),
      "files unread /a/b/again  E_WALK_LOOP",
      "files modified /z content",
    ]);
  });

  it("tells a folder that one side cannot list, not what the other has in it", async () => {
    const [before, after] = await pairOf(
      join(dir, "closed"),
      "ext4",
      shell(`${SYSTEM}; mkdir -p d/e; echo 1 > d/e/f; echo 1 > d2`),
      shell(":"),
    );
    await run("debugfs", ["-w", "-R", "set_inode_field /d block[0] 9", after]);
    for (const [images, reasons] of [
      [[before, after], " E_EXT4_EXTENT"],
      [[after, before], "E_EXT4_EXTENT "],
    ] as const) {
      const { told, exitCode, stderr } = await diff(...images);
      expect(told.map(spelled)).toEqual([`files unread /d ${reasons}`]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("E_DIFF_UNREAD") });
    }
  });

  it.each([
    ["ext4", "raw"],
    ["btrfs", "qcow2"],
  ] as const)("never takes an image that was cut for equal to the whole one: %s in %s", async (type, format) => {
    const fill = `${SYSTEM}; head -c 20M /dev/urandom > home/data`;
    const [whole] = await pairOf(join(dir, `cut-${type}`), type, shell(fill), shell(":"));
    const cut = join(dir, `cut-${type}.${format}`);
    for (const part of [0.8, 0.3]) {
      await run("qemu-img", ["convert", "-O", format, whole, cut]);
      await truncate(cut, Math.floor((await stat(cut)).size * part));
      expect((await diff("--after-image-format", format, whole, cut)).exitCode).not.toBe(0);
    }
  });
});
