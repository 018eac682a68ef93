import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DUMP_TREE } from "../../support/compare-tree.ts";
import { fixture } from "../../support/fixture.ts";
import { holds } from "../../support/proof.ts";
import { run } from "../../support/run.ts";
import { testMachine } from "../../support/test-machine/index.ts";

const populate = fileURLToPath(new URL("xfs-populate.py", import.meta.url));
const SIZE = 300 << 20;

/** Makes one, stops it with changes in its log, and tells what the kernel finds in a copy after its recovery. */
const SCRIPT = `set -e
mkfs.xfs -q -m crc=0 -L label -b size=1024 /disk/old
mount /disk/old /mnt
python3 xfs-populate.py /mnt directories links
umount /mnt
mount /disk/old /mnt
python3 xfs-populate.py /mnt busy stop
umount /mnt
dd if=/disk/old of=/disk/copy bs=1M 2>/dev/null
mount /disk/copy /mnt
umount /mnt
mount -o ro /disk/copy /mnt
python3 dump-tree.py /mnt > /sent/files/found
umount /mnt
`;

/** An xfs of version 4 whose log is to be replayed, and what the test machine's kernel found in it. */
export async function dirtyOldXfs(): Promise<{ readonly file: string; readonly found: string }> {
  const machine = await testMachine();
  const files = {
    "xfs-populate.py": await readFile(populate, "utf8"),
    "dump-tree.py": await readFile(DUMP_TREE, "utf8"),
  };
  const dir = await fixture(
    "xfs-dirty-old",
    [machine.name, SCRIPT, SIZE, files],
    async (target) => {
      const disk = (name: string) => ({ path: join(target, name), size: SIZE, writable: true });
      const { report } = await machine.run({
        disks: { old: disk("image"), copy: disk("copy") },
        script: SCRIPT,
        files,
      });
      await writeFile(join(target, "found"), report.files.get("found") ?? "");
      await rm(join(target, "copy"));
    },
    async (made) => {
      await holds(made, ["image", "found"]);
      if (!/<DIRTY>/.test(await run("xfs_logprint", ["-t", join(made, "image")]))) throw new Error("its log is clean");
    },
  );
  return { file: join(dir, "image"), found: await readFile(join(dir, "found"), "utf8") };
}
