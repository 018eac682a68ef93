/** Files in what no tool of the host's writes to: xfs and btrfs, and what lies in logical volumes. */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { fixture } from "../../support/fixture.ts";
import { holds } from "../../support/proof.ts";
import { scratch } from "../../support/scratch.ts";
import { type TestMachine, testMachine } from "../../support/test-machine/index.ts";

const MIB = 1 << 20;
const POPULATE = `
mkdir -p /mnt/etc /mnt/real /mnt/usr/lib
printf 'ID=debian\\nVERSION_ID=12\\nPRETTY_NAME="A system"\\n' > /mnt/etc/os-release
echo before > /mnt/etc/motd
setfattr -n security.selinux -v system_u:object_r:etc_t:s0 /mnt/etc/motd
ln -s ../real "/mnt/etc/a link"
`;
/** A whole disk with one volume group; a bare xfs; a btrfs whose root is a subvolume of it. */
const MAKE = `set -e
vgcreate -qq vg-a /disk/lvm
lvcreate -qq -n root -L 350M vg-a
mkfs.xfs -q /dev/vg-a/root
mount /dev/vg-a/root /mnt
${POPULATE}
umount /mnt
mkfs.btrfs -q /disk/btrfs
mount /disk/btrfs /mnt
btrfs subvolume create /mnt/other > /dev/null
btrfs subvolume create /mnt/@ > /dev/null
btrfs subvolume set-default $(btrfs subvolume list /mnt | sed -n 's/^ID \\([0-9]*\\) .* @$/\\1/p') /mnt
umount /mnt
mount /disk/btrfs /mnt
${POPULATE}
umount /mnt
mkfs.btrfs -q /disk/small
mkfs.xfs -q /disk/xfs
mount /disk/xfs /mnt
${POPULATE}
umount /mnt
`;
const NAMES = ["lvm", "btrfs", "xfs"] as const;
const DEVICES = { lvm: "/dev/vg-a/root", btrfs: "/disk/btrfs", xfs: "/disk/xfs" };
const CHECKS = { lvm: "xfs_repair -n", btrfs: "btrfs check --readonly", xfs: "xfs_repair -n" };

let machine: TestMachine;
let made: string;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  machine = await testMachine();
  made = await fixture(
    "kernel-files",
    [machine.name, MAKE],
    async (dir) => {
      const sizes = { ...Object.fromEntries(NAMES.map((name) => [name, 420])), small: 120 };
      const disks = Object.fromEntries(
        Object.entries(sizes).map(([name, size]) => [name, { path: join(dir, name), size: size * MIB }]),
      );
      await machine.run({ disks, script: MAKE });
    },
    (dir) => holds(dir, [...NAMES, "small"]),
  );
  folder = await scratch("kernel-files");
  const place = (name: string) => join(folder, name);
  for (const name of ["data", "run"]) await mkdir(place(name));
  env = { GUESTKIT_DATA_DIR: place("data"), GUESTKIT_RUNTIME_DIR: place("run") };
});

const files = (motd: string) => [
  { path: "/etc/motd", content: motd, mode: "0640", uid: 5, gid: 70000 },
  { path: '/new/a b/it\'s "$x" `y`', content: "odd", mode: "4755" },
  { path: "/etc/a link/here", content: "through a link" },
];

async function declare(images: object): Promise<void> {
  await writeFile(join(folder, "guestkit.yaml"), JSON.stringify({ version: 1, resources: { disk_image: images } }));
}

const imagesOf = (motd: string) =>
  Object.fromEntries(
    NAMES.map((name) => [name, { path: `./${name}.qcow2`, source: { url: join(made, name) }, files: files(motd) }]),
  );

/** What a kernel of another start finds, file by file, and what each file system's own tool says. */
async function judged(): Promise<Record<string, string>> {
  const script = `set -e
vgchange -qq -ay
${NAMES.map(
  (name) => `${CHECKS[name]} ${DEVICES[name]} > /run/check 2>&1 || { cat /run/check >&2; exit 1; }
mount ${DEVICES[name]} /mnt
{ cd /mnt; for file in etc/motd new/*/* real/here; do stat -c '%n %a %u %g' "$file"; cat "$file"; echo; done
getfattr -h --only-values -n security.selinux etc/motd; } > /sent/files/${name}
cd /; umount /mnt`,
).join("\n")}
`;
  const disks = Object.fromEntries(
    NAMES.map((name) => [name, { path: join(folder, `${name}.qcow2`), format: "qcow2" as const, writable: true }]),
  );
  const { report } = await machine.run({ disks, script });
  return Object.fromEntries(NAMES.map((name) => [name, Buffer.from(report.files.get(name) ?? "").toString()]));
}

const expected = (motd: string) => `etc/motd 640 5 70000
${motd}
new/a b/it's "$x" \`y\` 4755 0 0
odd
real/here 644 0 0
through a link
system_u:object_r:etc_t:s0`;

it("are written by a kernel, drift by it, and are mended in place", { timeout: 400_000 }, async () => {
  await declare(imagesOf("hello"));
  await guestkitText(["apply", "--auto-approve"], { cwd: folder, env });
  expect(await judged()).toEqual(Object.fromEntries(NAMES.map((name) => [name, expected("hello")])));
  await guestkitText(["plan", "--detailed-exitcode"], { cwd: folder, env });

  await declare({ ...imagesOf("hello"), lvm: imagesOf("another").lvm });
  const planned = await guestkitText(["plan", "--json", "--detailed-exitcode"], { cwd: folder, env }, 2);
  expect(planned).toContain('"update"');
  expect(planned).not.toContain('"replace"');
  await guestkitText(["apply", "--auto-approve"], { cwd: folder, env });
  const changed = { lvm: expected("another"), btrfs: expected("hello"), xfs: expected("hello") };
  expect(await judged()).toEqual(changed);
  await guestkitText(["plan", "--detailed-exitcode"], { cwd: folder, env });
});

it("are written into what a layout has just made", async () => {
  const partitions = [{ name: "root", type: "root", filesystem: "xfs" }];
  const wanted = { path: "./laid.qcow2", size: "420M", layout: { partitions }, files: files("laid out").slice(0, 2) };
  await declare({ laid: wanted });
  await guestkitText(["apply", "--auto-approve"], { cwd: folder, env });
  expect(await guestkitText(["cat", "laid.qcow2", "/etc/motd"], { cwd: folder, env })).toBe("laid out");
  await guestkitText(["plan", "--detailed-exitcode"], { cwd: folder, env });
});

it("leave an image as it was that has no room for them, and say what the kernel said", async () => {
  const path = join(folder, "full.img");
  await writeFile(path, await readFile(join(made, "small")));
  const before = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  await writeFile(join(folder, "large"), Buffer.alloc(110 * MIB, 1));
  const full = { path: "./full.img", format: "raw", size: "120M", files: [{ path: "/large", source: "./large" }] };
  await declare({ full });
  await guestkitText(["import", "disk_image.full", path], { cwd: folder, env });
  const { exitCode, stderr } = await guestkit(["apply", "--auto-approve"], { cwd: folder, env });
  expect(exitCode).not.toBe(0);
  expect(stderr).toMatch(/E_FILES_KERNEL|Cannot write files into the btrfs of the image: .*[Nn]o space/);
  expect(
    createHash("sha256")
      .update(await readFile(path))
      .digest("hex"),
  ).toBe(before);
});
