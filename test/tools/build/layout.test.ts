import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { run } from "../../support/run.ts";
import { codeOf, debugfs, leftovers, partitionOf, sfdisk, toRaw, workbench } from "./workbench.ts";

const bench = await workbench("layout");
const { at } = bench;
const UUID = "0b6e6e30-7c6a-4a7b-9d2f-0f3c8f2f9a11";

mkdirSync(at("esp/EFI/BOOT"), { recursive: true });
writeFileSync(at("esp/EFI/BOOT/BOOTX64.EFI"), "loader");
mkdirSync(at("tree/dir"), { recursive: true });
writeFileSync(at("tree/dir/file"), "in the tar", { mode: 0o640 });
symlinkSync("file", at("tree/dir/link"));
execFileSync("tar", ["--owner=:1234", "--group=:5678", "-C", at("tree"), "-czf", at("tree.tar.gz"), "."]);

const partitions = [
  {
    name: "esp",
    type: "esp",
    size: "40M",
    filesystem: "vfat",
    label: "ESP",
    uuid: "12AB-34CD",
    content: { directory: at("esp") },
  },
  { name: "swap", type: "swap", size: "16M", filesystem: "swap", label: "swap0" },
  { name: "boot", type: "xbootldr", size: "301M", filesystem: "xfs", label: "boot" },
  { name: "data", size: "110M", filesystem: "btrfs" },
  { name: "empty", type: "lvm", size: "8M" },
  { name: "root", type: "root", filesystem: "ext4", label: "my root", uuid: UUID, content: { tar: at("tree.tar.gz") } },
];

test.each([
  ["gpt", "qcow2", 6],
  ["mbr", "raw", 7],
] as const)(
  "a %s disk in %s has every file system, seen by sfdisk, blkid and the checkers",
  async (scheme, format, rows) => {
    const config = { path: `disk-${scheme}.${format}`, format, size: "768M", layout: { scheme, partitions } };
    const { state } = await bench.apply(config);
    const raw = await toRaw(at(config.path), at(`${scheme}.raw`));
    const found = await sfdisk(raw);
    expect(found).toHaveLength(rows);
    expect(await run("sfdisk", ["-V", raw])).toContain("No errors detected");
    if (scheme === "gpt") expect(found.map((each) => each.name)).toEqual(partitions.map((each) => each.name));
    if (scheme === "gpt") expect(found[0]?.type).toBe("C12A7328-F81F-11D2-BA4B-00A0C93EC93B");
    for (const each of found) expect(each.start % 2048).toBe(0);
    // An MBR's fourth row is the extended partition around the rest.
    const row = (index: number) => (scheme === "mbr" && index > 2 ? index + 1 : index);
    const file = async (index: number) => partitionOf(raw, row(index), at(`${scheme}-${index}`));
    const blkid = async (index: number) => run("blkid", ["-p", "-o", "export", await file(index)]);
    expect(await blkid(0)).toMatch(/LABEL=ESP[\s\S]*UUID=12AB-34CD[\s\S]*TYPE=vfat/);
    expect(await blkid(1)).toMatch(/LABEL=swap0[\s\S]*TYPE=swap/);
    expect(await blkid(2)).toMatch(/LABEL=boot[\s\S]*TYPE=xfs/);
    expect(await blkid(3)).toMatch(/TYPE=btrfs/);
    await run("fsck.fat", ["-n", at(`${scheme}-0`)]);
    expect(await run("mtype", ["-i", at(`${scheme}-0`), "::/EFI/BOOT/BOOTX64.EFI"])).toBe("loader");
    await run("xfs_repair", ["-n", "-f", at(`${scheme}-2`)]);
    await run("btrfs", ["check", "--readonly", at(`${scheme}-3`)]);
    const root = await file(5);
    await run("e2fsck", ["-f", "-n", root]);
    expect(await run("dumpe2fs", ["-h", root])).toMatch(new RegExp(`volume name: +my root[\\s\\S]*UUID: +${UUID}`));
    expect(await debugfs(root, "cat /dir/file")).toBe("in the tar");
    expect(await debugfs(root, "stat /dir/file")).toMatch(/Mode: +0640[\s\S]*User: +1234 +Group: +5678/);
    expect(await debugfs(root, "stat /dir/link")).toMatch(/Type: symlink[\s\S]*Fast link dest: "file"/);
    expect(state?.partitions).toMatchObject([
      { filesystem: "vfat", label: "ESP" },
      { filesystem: "swap" },
      { filesystem: "xfs", label: "boot" },
      { filesystem: "btrfs" },
      { filesystem: null },
      { filesystem: "ext4", label: "my root", filesystem_uuid: UUID },
    ]);
    expect((await bench.prepare(config)).plan).toMatchObject({ action: "none", reasons: [] });
    expect(await leftovers(bench.dir)).toEqual([]);
  },
);

test("without size the disk is as large as its partitions need", async () => {
  const layout = {
    partitions: [
      { name: "a", size: "20M", filesystem: "ext4" },
      { name: "b", size: "5M" },
    ],
  };
  const { state } = await bench.apply({ path: "fits.qcow2", layout });
  expect(state?.virtual_size).toBe(27 * 2 ** 20);
});

test("a partition that is gone is drift, named, and replaces the image", async () => {
  const config = {
    path: "drift.raw",
    format: "raw",
    size: "64M",
    layout: { partitions: [{ name: "a", size: "8M" }, { name: "b" }] },
  };
  await bench.apply(config);
  await run("sfdisk", ["--delete", at(config.path), "2"]);
  const { plan } = await bench.prepare(config);
  expect(plan.action).toBe("replace");
  expect(JSON.stringify(plan.reasons)).toContain('partition \\"b\\" is missing from the image');
  await bench.apply(config);
  expect(await sfdisk(at(config.path))).toHaveLength(2);
});

test("links never reach FAT, where they would be followed on the host", async () => {
  mkdirSync(at("links"));
  symlinkSync("/etc/passwd", at("links/passwd"));
  execFileSync("tar", ["-C", at("links"), "-cf", at("links.tar"), "."]);
  for (const content of [{ directory: at("links") }, { tar: at("links.tar") }]) {
    const layout = { partitions: [{ name: "a", filesystem: "vfat", content }] };
    expect(await codeOf(bench.apply({ path: "links.qcow2", size: "64M", layout }))).toBe("E_LAYOUT_CONTENT");
  }
  expect(await leftovers(bench.dir)).toEqual([]);
});

test.each([
  [[{ name: "a", size: "1M" }, { name: "a" }], "E_FIELD_DUPLICATE", ["layout", "partitions", 1, "name"]],
  [[{ name: "a" }, { name: "b" }], "E_LAYOUT_SIZE", ["layout", "partitions", 0, "size"]],
  [[{ name: "a", size: "2G" }], "E_LAYOUT_SIZE", ["layout", "partitions"]],
  [[{ name: "a", filesystem: "xfs", size: "16M" }], "E_LAYOUT_SIZE", ["layout", "partitions", 0, "size"]],
  [
    [{ name: "a", filesystem: "vfat", label: "LONGER-THAN-11" }],
    "E_LAYOUT_LABEL",
    ["layout", "partitions", 0, "label"],
  ],
  [[{ name: "a", filesystem: "vfat", uuid: UUID }], "E_LAYOUT_UUID", ["layout", "partitions", 0, "uuid"]],
  [
    [{ name: "a", filesystem: "swap", content: { tar: "x" } }],
    "E_LAYOUT_CONTENT",
    ["layout", "partitions", 0, "content"],
  ],
])("%j fails at validation with the attribute named", async (wanted, code, path) => {
  const { plan } = await bench.prepare({ path: "x.qcow2", size: "1G", layout: { partitions: wanted } });
  expect(plan.diagnostics).toMatchObject([{ code, path }]);
});
