import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { scratch } from "../../support/scratch.ts";
import { type TestMachine, testMachine } from "../../support/test-machine/index.ts";
import { oracleTrees } from "../../support/test-machine/oracle.ts";
import { run } from "../../support/tool.ts";
import {
  differencesFromMade,
  VOLUME_MOUNTS,
  type VolumeImages,
  volumeImages,
} from "../../support/volume-images/index.ts";

describe("the test machine", () => {
  let machine: TestMachine;
  let images: VolumeImages;
  let dir: string;
  beforeAll(async () => {
    machine = await testMachine();
    images = await volumeImages();
    dir = await scratch("test-machine");
  });

  test("finds in LVM, md, LUKS and xfs of version 4 what was made there, at each boot the same", async () => {
    const disks = Object.fromEntries(Object.entries(images.disks).map(([name, path]) => [name, { path }]));
    const found = await oracleTrees(machine, disks, VOLUME_MOUNTS);
    for (const [name, dumped] of Object.entries(found)) expect([name, differencesFromMade(dumped)]).toEqual([name, []]);
    expect(found).toEqual(images.found);
  });

  test("tells what the tools made: volumes over two disks, a mirror, two key slots, file systems without checksums", () => {
    const { lvm, md, luks2, luks1, xfs4, "xfs4-oldest": oldest } = images.told;
    const { seg } = JSON.parse(lvm).report[0];
    expect(seg.map((each: Record<string, string>) => `${each.segtype} ${each.devices}`).sort()).toEqual([
      "linear /disk/pv0(2)",
      "linear /disk/pv1(2)",
      "striped /disk/pv0(0),/disk/pv1(0)",
    ]);
    expect(md.match(/^ *(Version|Raid Level|Raid Devices|Array State) : .*/gm)?.map((line) => line.trim())).toEqual(
      Array(2).fill(["Version : 1.2", "Raid Level : raid1", "Raid Devices : 2", MIRROR_STATE]).flat(),
    );
    expect(luks2.match(/^\s+(\d: luks2|PBKDF: +.*)$/gm)?.map((line) => line.trim())).toEqual([
      ...["0: luks2", "PBKDF:      argon2id", "1: luks2", "PBKDF:      pbkdf2"],
    ]);
    expect(luks1).toMatch(/^Version:\s+1$/m);
    for (const sb of [xfs4, oldest]) expect(Number(/^versionnum = (0x[0-9a-f]+)$/m.exec(sb)?.[1]) & 15).toBe(4);
  });

  test("gives back disks, refuses to write to others, and tells what a script that fails said last", async () => {
    const [made, lent] = [join(dir, "made.img"), join(dir, "lent.qcow2")];
    await run("qemu-img", ["create", "-q", "-f", "qcow2", lent, "1M"]);
    const disks = { made: { path: made, size: 16 << 20 }, lent: { path: lent, format: "qcow2" as const } };
    await expect(machine.run({ disks, script: FAILING })).rejects.toThrow(
      /^Cannot run the test machine: the script ended with 3: [\s\S]*read alone\nthat is all/,
    );
    expect(await run("mtype", ["-i", made, "::/note.txt"])).toBe("from the machine\n");
    expect(await run("qemu-img", ["map", "--output=json", lent])).not.toContain('"data": true');
  });

  test("is killed at its deadline", async () => {
    const made = join(dir, "late.img");
    const late = machine.run({ disks: { late: { path: made, size: 4096 } }, script: "", deadlineMs: 300 });
    await expect(late).rejects.toThrow("the job did not end within 0.3 s");
    expect(await commandsWith(made)).toEqual([]);
  });

  test.each(["Big", "a".repeat(21), ""])("refuses a disk that is called %j", async (name) => {
    const job = { disks: { [name]: { path: join(dir, "none.img") } }, script: "" };
    await expect(machine.run(job)).rejects.toThrow(`"${name}" is no name for a disk`);
  });
});

const MIRROR_STATE = "Array State : AA ('A' == active, '.' == missing, 'R' == replacing)";
const FAILING = `set -e
mkfs.vfat /disk/made > /dev/null
mount /disk/made /mnt
echo from the machine > /mnt/note.txt
umount /mnt
if echo written > /disk/lent; then exit 1; fi
echo read alone >&2
echo that is all >&2
exit 3
`;

/** Command lines of the host's processes that have this word in them. */
async function commandsWith(word: string): Promise<readonly string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "")));
  return lines.filter((line) => line.includes(word));
}
