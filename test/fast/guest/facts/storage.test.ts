import { describe, expect, it } from "vitest";
import { storage } from "../../../../core/guest/facts/storage/index.ts";
import { knownSystem } from "../../../support/known-system.ts";
import { memoryTree } from "../../../support/memory-filesystem.ts";

const read = async (files: Parameters<typeof memoryTree>[0], own: Parameters<typeof knownSystem>[1] = []) =>
  storage.read(await knownSystem(await memoryTree(files), own));

describe("fstab", () => {
  it("is told as it is written, with what is not in the image, and without passwords", async () => {
    const { fstab } = await read({
      "/etc/fstab": [
        "UUID=1 / ext4 defaults 0 1",
        "tmpfs /tmp tmpfs size=1G,mode=1777",
        "server:/export /srv nfs4 ro,_netdev 0 0",
        "//nas/share /mnt cifs username=WORK/me%hunter2,password=hunter2,credentials=/root/nas 0 0",
        "ceph1:/ /ceph ceph name=admin,secret=hunter2 0 0",
        "https://me:hunter2@dav.example/x /dav davfs user 0 0",
        "curlftpfs#me:hunter2@ftp.example /ftp fuse rw 0 0",
      ].join("\n"),
    });
    expect(JSON.stringify(fstab)).not.toContain("hunter2");
    expect(fstab.map(({ device, target, type, options, mounted }) => [device, target, type, options, mounted])).toEqual(
      [
        ["UUID=1", "/", "ext4", ["defaults"], true],
        ["tmpfs", "/tmp", "tmpfs", ["size=1G", "mode=1777"], false],
        ["server:/export", "/srv", "nfs4", ["ro", "_netdev"], false],
        [
          "//nas/share",
          "/mnt",
          "cifs",
          ["username=WORK/me%(secret)", "password=(secret)", "credentials=/root/nas"],
          false,
        ],
        ["ceph1:/", "/ceph", "ceph", ["name=admin", "secret=(secret)"], false],
        ["https://me:(secret)@dav.example/x", "/dav", "davfs", ["user"], false],
        ["curlftpfs#me:(secret)@ftp.example", "/ftp", "fuse", ["rw"], false],
      ],
    );
  });
});

describe("crypttab", () => {
  it("names keys by their paths, those that systemd takes by itself too, and never what may be a key", async () => {
    const { crypttab } = await read({
      "/etc/crypttab": [
        "root UUID=1 none luks,discard",
        "data /dev/sdb1 /etc/keys/data.key luks",
        "away /dev/sdc1 /mnt/stick/key:LABEL=stick luks",
        "auto /dev/sdd1",
        "told /dev/sde1 hunter2 luks,keyscript=/bin/echo",
      ].join("\n"),
      "/etc/keys/data.key": "hunter2",
      "/etc/cryptsetup-keys.d/auto.key": "hunter2",
    });
    expect(JSON.stringify(crypttab)).not.toContain("hunter2");
    expect(crypttab.map(({ name, key_file, key_in_image }) => [name, key_file, key_in_image])).toEqual([
      ["root", null, false],
      ["data", "/etc/keys/data.key", true],
      ["away", "/mnt/stick/key:LABEL=stick", false],
      ["auto", "/etc/cryptsetup-keys.d/auto.key", true],
      ["told", null, false],
    ]);
    expect(crypttab[0]?.options).toEqual(["luks", "discard"]);
  });
});

describe("swap", () => {
  it("is gathered from fstab, units, devices that nothing names, and memory", async () => {
    const { swap } = await read(
      {
        "/etc/fstab": "/dev/sda2 none swap sw,pri=5 0 0\n/swapfile none swap sw 0 0\n/dev/sdz9 none swap sw 0 0\n",
        "/swapfile": "not yet",
        "/usr/lib/systemd/system/dev-sda3.swap": "[Swap]\nWhat=/dev/sda3\nOptions=discard,pri=1\n",
        "/etc/systemd/system/dev-sda3.swap.d/a.conf": "[Swap]\nPriority=7\n",
        "/usr/lib/systemd/zram-generator.conf": "[zram0]\nzram-size = 4096\n",
        "/etc/systemd/zram-generator.conf":
          "# ours\n[zram0]\nzram-size = min(ram / 2, 4096)\n[zram1]\nmount-point = /t\n[zram2]\n",
        "/etc/systemd/zram-generator.conf.d/a.conf": "[zram0]\nswap-priority=100\n",
        "/etc/default/zramswap": "#ALGO=lz4\nPERCENT=50\nSIZE=256\nPRIORITY=10\n",
      },
      [
        { device: "/dev/sda1", type: "ext4", size: 1 },
        { device: "/dev/sda2", type: "swap", size: 2 },
        { device: "/dev/sda3", type: "swap", size: 3 },
        { device: "/dev/sda4", type: "swsuspend", size: 4 },
      ],
    );
    expect(
      swap.map((each) => [each.device, each.kind, each.configured_in, each.found, each.size, each.priority]),
    ).toEqual([
      ["/dev/sda2", "partition", "/etc/fstab", "/dev/sda2", 2, 5],
      ["/swapfile", "file", "/etc/fstab", null, null, null],
      ["/dev/sdz9", "partition", "/etc/fstab", null, null, null],
      ["/dev/sda3", "partition", "/usr/lib/systemd/system/dev-sda3.swap", "/dev/sda3", 3, 7],
      ["/dev/zram0", "zram", "/etc/systemd/zram-generator.conf", null, null, 100],
      ["/dev/zram2", "zram", "/etc/systemd/zram-generator.conf", null, null, null],
      ["/dev/zram0", "zram", "/etc/default/zramswap", null, null, 10],
      ["/dev/sda4", "partition", null, "/dev/sda4", 4, null],
    ]);
    expect(swap.map(({ size_rule }) => size_rule).filter(Boolean)).toEqual(["min(ram / 2, 4096)", "50%"]);
  });
});
