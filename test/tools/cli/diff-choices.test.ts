import { copyFile, cp, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { diffOf } from "../../support/diff-pairs/index.ts";
import { lock } from "../../support/locked-volumes.ts";
import { scratch } from "../../support/scratch.ts";
import { makeSmallSystem } from "../../support/small-system.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("diff-choices");
const at = (name: string) => join(dir, name);

const changes = async (...args: readonly string[]) =>
  (await diffOf(...args)).map(({ group, change, name }) => `${group} ${change} ${name}`);

await makeSmallSystem(at("old.img"), { "etc/motd": "old\n" });
await makeSmallSystem(at("new.img"), { "etc/motd": "new!\n", "etc/zmore": "x" });
const DIFFERENT = ["files modified /etc/motd", "files added /etc/zmore"];
const BACK = ["files modified /etc/motd", "files removed /etc/zmore"];
const files = (lines: readonly string[]) => lines.filter((line) => line.startsWith("files "));

describe("what a diff reads of each image", () => {
  it("is a snapshot of both, or of one", async () => {
    const disk = at("snapshots.qcow2");
    await run("qemu-img", ["convert", "-O", "qcow2", at("old.img"), disk]);
    await run("qemu-img", ["snapshot", "-c", "clean", disk]);
    await run("qemu-img", ["convert", "-n", "-O", "qcow2", at("new.img"), disk]);
    expect(files(await changes("--before-snapshot", "clean", disk, disk))).toEqual(DIFFERENT);
    expect(files(await changes("--after-snapshot", "clean", disk, disk))).toEqual(BACK);
    expect(files(await changes("--after-snapshot", "clean", at("new.img"), disk))).toEqual(BACK);
    expect(await changes("--snapshot", "clean", disk, disk)).toEqual([]);
    const project = [
      "version: 1",
      "queries:",
      "  image_diff:",
      `    since: { before: ${disk}, before_snapshot: clean, after: ${disk}, path: /etc }`,
      `outputs: { changes: "\${image_diff.since.changes}", is_different: "\${image_diff.since.is_different}" }`,
    ];
    await writeFile(at("guestkit.yaml"), project.join("\n"));
    expect(await guestkit(["apply", "--auto-approve", "--file", at("guestkit.yaml")])).toMatchObject({ exitCode: 0 });
    const { stdout } = await guestkit(["output", "--json", "--file", at("guestkit.yaml")]);
    const told = JSON.parse(String(stdout)) as { changes: { group: string; name: string }[]; is_different: boolean };
    expect(told.is_different).toBe(true);
    expect(told.changes.filter(({ group }) => group === "files").map(({ name }) => name)).toEqual([
      "/etc/motd",
      "/etc/zmore",
    ]);
  });

  it("is one file system of each, whatever it is called there, and nothing beside it", async () => {
    const disk = at("parts.img");
    await run("sh", [
      "-c",
      'truncate -s 40M "$1"; printf "label: gpt\\nsize=16M\\nsize=16M\\n" | sfdisk -q "$1"',
      "sh",
      disk,
    ]);
    for (const [place, name] of ["old", "new"].entries())
      await run("dd", [
        `if=${at(`${name}.img`)}`,
        `of=${disk}`,
        "bs=1M",
        `seek=${1 + 16 * place}`,
        "conv=notrunc",
        "status=none",
      ]);
    expect(files(await changes("--before-partition", "1", "--after-partition", "2", disk, disk))).toEqual(DIFFERENT);
    expect(files(await changes("--before-filesystem", "sda2", "--after-filesystem", "sda1", disk, disk))).toEqual(BACK);
    expect(files(await changes("--before-partition", "1", disk, at("new.img")))).toEqual(DIFFERENT);
    expect(await changes("--partition", "1", disk, disk)).toEqual([]);
    const other = at("parts-other.img");
    await copyFile(disk, other);
    await run("debugfs", ["-w", "-R", "rm /etc/zmore", `${other}?offset=${17 << 20}`]);
    expect(await changes("--partition", "1", disk, other)).toEqual([]);
    expect(files(await changes("--partition", "2", disk, other))).toEqual(["files removed /etc/zmore"]);
    const unknown = await guestkit(["diff", "--after-partition", "7", disk, disk]);
    expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("Cannot open partition 7") });
  });

  it("is opened by the keys of both or of one; without them equal bytes are equal, and others are not told", async () => {
    for (const name of ["old", "new"]) {
      await writeFile(at(`${name}.key`), `${name} secret`);
      await copyFile(at(`${name}.img`), at(`${name}-locked.img`));
      await lock(at(`${name}-locked.img`), at(`${name}.key`));
    }
    const disks = [at("old-locked.img"), at("new-locked.img")];
    const keys = ["--before-key", `*:file:${at("old.key")}`, "--after-key", `*:file:${at("new.key")}`];
    expect(files(await changes(...keys, ...disks))).toEqual(DIFFERENT);
    const [locked, copy] = [at("old-locked.img"), at("copy.img")];
    await copyFile(locked, copy);
    expect(await changes(locked, copy)).toEqual([]);
    await run("sh", ["-c", 'printf x | dd of="$1" bs=1M seek=20 conv=notrunc status=none', "sh", copy]);
    expect(await changes(locked, copy)).toEqual([expect.stringMatching("^filesystems unread /dev/mapper/luks-")]);
  });

  it("is told of services as systemctl tells both roots", async () => {
    const [before, after] = [at("units-before"), at("units-after")];
    const folder = join(before, "usr/lib/systemd/system");
    await mkdir(folder, { recursive: true });
    await mkdir(join(before, "etc/systemd/system"), { recursive: true });
    await writeFile(join(before, "etc/os-release"), "ID=own\n");
    for (const name of ["a", "b", "c", "d"])
      await writeFile(
        join(folder, `${name}.service`),
        "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n",
      );
    await writeFile(join(folder, "e.service"), "[Service]\nExecStart=/bin/true\n");
    await run("systemctl", [`--root=${before}`, "enable", "b.service"]);
    await cp(before, after, { recursive: true, verbatimSymlinks: true });
    await run("systemctl", [`--root=${after}`, "enable", "a.service"]);
    await run("systemctl", [`--root=${after}`, "disable", "b.service"]);
    await run("systemctl", [`--root=${after}`, "mask", "c.service"]);
    await rename(join(after, "usr/lib/systemd/system/e.service"), join(after, "usr/lib/systemd/system/f.service"));
    for (const root of [before, after]) {
      await mkdir(join(root, "usr/bin"));
      await run("mke2fs", ["-q", "-t", "ext4", "-d", root, `${root}.img`, "16M"]);
    }
    const told = (await diffOf(`${before}.img`, `${after}.img`)).filter(({ group }) => group === "services");
    const states = (root: string) =>
      run("systemctl", [`--root=${root}`, "list-unit-files", "--output=json"]).then(unitStates);
    const [old, now] = [await states(before), await states(after)];
    const expected = [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name) => {
      const pair = [old.get(name) ?? null, now.get(name) ?? null];
      return pair[0] === pair[1] ? [] : [`${name} ${pair}`];
    });
    expect(expected).toHaveLength(5);
    expect(told.map(({ name, fields }) => `${name} ${fields.state}`)).toEqual(expected);
    expect(String((await guestkit(["diff", "--stat", `${before}.img`, `${after}.img`])).stdout)).toMatch(
      /^services +1 added, 1 removed, 3 modified$/m,
    );
  });
});

const unitStates = (json: string) =>
  new Map((JSON.parse(json) as { unit_file: string; state: string }[]).map((each) => [each.unit_file, each.state]));
