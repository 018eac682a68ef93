import { join } from "node:path";
import { expect, it } from "vitest";
import { guestkitText } from "../../support/cli.ts";
import { folder, partitionedDisk } from "../../support/disk.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("facts-storage");
const MIB = 1 << 20;
const UUID = "73776170-0000-4000-8000-000000000001";

it("--facts storage finds swap that mkswap made: by UUID, in a file, and where nothing names it", async () => {
  const root = await folder(dir, {
    "etc/os-release": "ID=debian\n",
    "usr/bin/x": "",
    "etc/fstab": `UUID=${UUID.toUpperCase()} none swap sw 0 0\n/swapfile none swap sw,pri=3 0 0\nnas:/x /x nfs ro 0 0\n`,
    "etc/crypttab": "vault /dev/disk/by-label/vault /etc/vault.key luks\n",
    "etc/vault.key": "hunter2",
  });
  const file = join(root, "swapfile");
  await run("truncate", ["-s", "1M", file]);
  await run("mkswap", [file]);
  const image = join(dir, "swap.img");
  await partitionedDisk(image, "gpt", [
    { size: 16, type: "L", script: `mke2fs -q -t ext4 -d '${root}' "$1"` },
    { size: 8, type: "S", script: `mkswap -U ${UUID} "$1"` },
    { size: 4, type: "S", script: `mkswap "$1"` },
  ]);
  const text = await guestkitText(["inspect", image, "--json", "--facts", "storage"]);
  const { storage, warnings } = JSON.parse(text);
  expect([text.includes("hunter2"), warnings]).toEqual([false, []]);
  expect(
    storage.swap.map((each: Record<string, unknown>) => [each.device, each.found, each.size, each.priority]),
  ).toEqual([
    [`UUID=${UUID.toUpperCase()}`, "/dev/sda2", 8 * MIB, null],
    ["/swapfile", null, MIB, 3],
    ["/dev/sda3", "/dev/sda3", 4 * MIB, null],
  ]);
  expect(storage.fstab[2]).toMatchObject({ device: "nas:/x", type: "nfs", mounted: false });
  expect(storage.crypttab).toEqual([
    {
      name: "vault",
      device: "/dev/disk/by-label/vault",
      key_file: "/etc/vault.key",
      key_in_image: true,
      options: ["luks"],
    },
  ]);
});
