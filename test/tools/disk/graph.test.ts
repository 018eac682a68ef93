import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { demandPlaces } from "../../../core/build/files.ts";
import { inspect, open } from "../../../core/inspect/index.ts";
import { imageInfo } from "../../../core/model/contracts/image-info.ts";
import { guestkitText } from "../../support/cli.ts";
import { folder, partitionedDisk } from "../../support/disk.ts";
import { run, scratch } from "../../support/run.ts";
import { PASSPHRASE, volumeImages } from "../../support/volume-images/index.ts";

const dir = await scratch("graph");
const { disks } = await volumeImages();
const LUKS1 = "6c756b73-0000-4000-8000-000000000001";
const LUKS2 = "6c756b73-0000-4000-8000-000000000002";

const drawn = (nodes: Awaited<ReturnType<typeof open>>["nodes"]) =>
  nodes.map(({ kind, device, on, type }) => [kind, device, on.join("+"), type].filter((each) => each !== "").join(" "));

describe("the devices of a machine", () => {
  it("are partitions, members and logical volumes over two disks, by all their names", async () => {
    await using disk = await open(disks.pv0, { with: [disks.pv1] });
    expect(drawn(disk.nodes)).toEqual([
      "disk /dev/sda LVM2_member",
      "disk /dev/sdb LVM2_member",
      "logical_volume /dev/vg0/data /dev/sda+/dev/sdb ext4",
      "logical_volume /dev/vg0/root /dev/sda+/dev/sdb ext4",
    ]);
    expect(disk.warnings).toEqual([]);
    for (const filesystem of ["/dev/vg0/root", "vg0/root", "/dev/mapper/vg0-root"]) {
      const tree = await disk.tree({ filesystem });
      expect(await tree.readText("/hello")).toBe("hello, world\n");
    }
    await expect(disk.tree()).rejects.toMatchObject({
      code: "E_TREE_AMBIGUOUS",
      help: "Name one with --filesystem /dev/vg0/data.",
    });
    await expect(disk.tree({ filesystem: "/dev/sda" })).rejects.toMatchObject({
      code: "E_TREE_NO_READER",
      help: expect.stringContaining("/dev/vg0/data"),
    });
  });

  it("that lack one are read as far as they go, and what is missing is said", async () => {
    await using disk = await open(disks.pv1);
    expect(disk.warnings.join("\n")).toMatch(/LVM2_member vg0 is not whole: it lacks the physical volume gkPv00/);
    const report = await inspect(disks.pv1);
    expect(report.filesystems.find(({ device }) => device === "/dev/vg0/root")?.error).toMatch(/^E_LVM2_/);
  });

  it("that are copies of one another are told apart", async () => {
    const copy = join(dir, "pv1-copy.img");
    await copyFile(disks.pv1, copy);
    await using disk = await open(disks.pv0, { with: [disks.pv1, copy] });
    expect(disk.warnings.join("\n")).toMatch(/\/dev\/sdc is a copy of \/dev\/sdb .* left out/);
    expect(drawn(disk.filesystems)).toContain("logical_volume /dev/vg0/root /dev/sda+/dev/sdb ext4");
  });

  it("make one system of two disks, however its fstab names them", async () => {
    const [boot, home] = await Promise.all([
      folder(dir, {
        "etc/os-release": "ID=debian\n",
        "usr/bin/x": "",
        "data/x": "",
        "home/x": "",
        "srv/x": "",
        "etc/fstab": [
          "UUID=6c766d00-0000-4000-8000-00000000da7a /data ext4 ro 0 2",
          "/dev/mapper/vg0-root /srv ext4 defaults 0 2",
          "/dev/vdd1 /home ext4 defaults 0 2",
        ].join("\n"),
      }),
      folder(dir, { "me/file": "mine\n" }),
    ]);
    const first = join(dir, "first.img");
    const fourth = join(dir, "fourth.img");
    await partitionedDisk(first, "gpt", [{ size: 16, type: "L", script: `mke2fs -q -t ext4 -d '${boot}' "$1"` }]);
    await partitionedDisk(fourth, "dos", [{ size: 16, type: "L", script: `mke2fs -q -t ext4 -d '${home}' "$1"` }]);
    await run("qemu-img", ["convert", "-O", "qcow2", fourth, `${fourth}.qcow2`]);
    const report = await inspect(first, { with: [disks.pv0, disks.pv1, `${fourth}.qcow2`] });
    expect(report.operating_systems.map(({ root }) => root)).toEqual(["/dev/sda1"]);
    expect(report.mounts.map(({ target, device }) => `${target} ${device}`)).toEqual([
      "/ /dev/sda1",
      "/data /dev/vg0/data",
      "/srv /dev/vg0/root",
      "/home /dev/sdd1",
    ]);
    expect(report.warnings).toEqual([]);
    await using disk = await open(first, { with: [disks.pv0, disks.pv1, `${fourth}.qcow2`] });
    expect(await (await disk.tree()).readText("/home/me/file")).toBe("mine\n");
  });
});

describe("a system whose own files name its devices", () => {
  it("finds arrays by mdadm.conf and by their number, and opened containers by crypttab", async () => {
    const root = await folder(dir, {
      "etc/os-release": "ID=debian\n",
      "usr/bin/x": "",
      "home/x": "",
      "srv/x": "",
      "mnt/x": "",
      "etc/mdadm/mdadm.conf":
        "ARRAY /dev/md0 metadata=1.2\n   name=guestkit:mirror UUID=6d640000:00000000:00000000:00000001\n",
      "etc/crypttab": "# name device key\nvault UUID=6c756b73-0000-4000-8000-000000000001 none luks\n",
      "etc/fstab": [
        "/dev/md0 /srv ext4 ro 0 2",
        "/dev/mapper/vault /home ext4 ro 0 2",
        "/dev/md/mirror /mnt ext4 ro 0 2",
      ].join("\n"),
    });
    const first = join(dir, "named.img");
    await partitionedDisk(first, "gpt", [{ size: 16, type: "L", script: `mke2fs -q -t ext4 -d '${root}' "$1"` }]);
    const others = { with: [disks.md0, disks.luks1, disks.md1] };
    const open = await inspect(first, { ...others, keys: { "/dev/vdc": PASSPHRASE } });
    expect([open.mounts.map(({ target, device }) => `${target} ${device}`), open.warnings]).toEqual([
      ["/ /dev/sda1", "/srv /dev/md127", `/home /dev/mapper/luks-${LUKS1}`, "/mnt /dev/md127"],
      [],
    ]);
    const locked = await inspect(first, others);
    expect(locked.warnings).toEqual([expect.stringMatching(/^\/dev\/sda1: \/home is not mounted: .*no key was given/)]);
  });
});

it("files are written into no array: what its member holds is not where a file system says", async () => {
  const refused = demandPlaces({ path: disks.md1, format: "raw" }, ["/hello"]);
  await expect(refused).rejects.toMatchObject({
    code: "E_FILES_DEVICE",
    message: expect.stringContaining("/dev/md127"),
  });
});

describe("on the command line", () => {
  it("info draws them as a tree, and names them in --json", async () => {
    const text = await guestkitText(["info", disks.pv0, "--with", disks.pv1]);
    expect(text.slice(text.indexOf("Devices:")).replace(/ +$/gm, "").split("\n")).toEqual([
      "Devices:",
      expect.stringMatching(/^ {2}\/dev\/sda +LVM2_member +13 MiB/),
      expect.stringMatching(/^ {4}\/dev\/vg0\/data +ext4 +16 MiB .*also on \/dev\/sdb; = \/dev\/mapper\/vg0-data$/),
      expect.stringMatching(/^ {4}\/dev\/vg0\/root +ext4 +60 MiB/),
      expect.stringMatching(/^ {2}\/dev\/sdb +LVM2_member/),
      "",
    ]);
    const found = JSON.parse(await guestkitText(["info", "--json", disks.pv0, "--with", disks.pv1]));
    expect(found).toMatchObject({
      filesystem: "LVM2_member",
      partitions: [],
      disks: [{ path: disks.pv0 }, { path: disks.pv1 }],
    });
    expect(imageInfo.output.parse(found)).toMatchObject({
      devices: [{}, {}, { stands_on: ["/dev/sda", "/dev/sdb"] }, {}],
    });
  });

  it("verbs read what lies on two disks, by the names that LVM gives it", async () => {
    const place = [disks.pv1, "--with", disks.pv0, "--filesystem", "/dev/mapper/vg0-root"];
    expect(await guestkitText(["cat", ...place, "/deep/er/leaf"])).toBe("leaf\n");
  });
});

describe("an encrypted disk without its key", () => {
  it("is told, with what would open it, and nothing is called damaged", async () => {
    const report = await inspect(disks.luks2);
    expect(report.filesystems).toMatchObject([
      { device: "/dev/sda", type: "crypto_LUKS", label: "locked", error: null },
      { device: `/dev/mapper/luks-${LUKS2}`, error: expect.stringMatching(/^E_LUKS_KEY_MISSING: /) },
    ]);
    expect(report.warnings).toEqual([]);
    await using disk = await open(disks.luks2);
    for (const filesystem of [undefined, "sda"]) {
      const refused = disk.tree(filesystem === undefined ? {} : { filesystem });
      await expect(refused).rejects.toMatchObject({
        code: "E_LUKS_KEY_MISSING",
        help: expect.stringContaining("--key"),
      });
    }
  });
});
