import { describe, expect, it } from "vitest";
import { readCloudInitConfig } from "../../../core/guest/cloud-init.ts";
import { parameter, parameters, readCommandLines } from "../../../core/guest/command-line.ts";
import { CpioArchives, CpioNames } from "../../../core/guest/cpio.ts";
import { moduleName, readKernelModules } from "../../../core/guest/kernel-modules.ts";
import { parsePe } from "../../../core/guest/portable-executable.ts";
import { readRenderers } from "../../../core/guest/renderers.ts";
import { keysOf, readSshServer } from "../../../core/guest/ssh-server.ts";
import { readUnits } from "../../../core/guest/units.ts";
import { initramfs, pe } from "../../support/bootable-image.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";

describe("cloud-init's configuration", () => {
  it("is what its last file says", async () => {
    const tree = await memoryTree({
      "/etc/cloud/cloud.cfg":
        "disable_root: true\nmanual_cache_clean: false\ndatasource_list: [ NoCloud,\n  ConfigDrive ]\nsystem_info:\n   default_user:\n     name: debian\n   network:\n     renderers: ['netplan', 'eni']\n",
      "/etc/cloud/cloud.cfg.d/20.cfg": "datasource_list: ['Ec2', None]\nnetwork: {config: disabled}\n",
      "/etc/cloud/cloud.cfg.d/10.cfg": "datasource_list:\n  - Azure\nmanual_cache_clean: yes\n",
      "/etc/cloud/cloud.cfg.d/README": "datasource_list: [ Nobody ]\n",
      "/var/lib/cloud/instance": { link: "/var/lib/cloud/instances/i-77" },
    });
    expect(await readCloudInitConfig(tree)).toEqual({
      disabledBy: null,
      datasources: ["Ec2", "None"],
      datasourcesIn: "/etc/cloud/cloud.cfg.d/20.cfg",
      instanceId: "i-77",
      keepsInstance: true,
      defaultUser: "debian",
      disablesRoot: true,
      renderers: ["netplan", "eni"],
      leavesNetwork: true,
    });
  });

  it("may turn it off, and on again", async () => {
    const off = { "/etc/cloud/cloud-init.disabled": "" };
    expect((await readCloudInitConfig(await memoryTree(off))).disabledBy).toBe("/etc/cloud/cloud-init.disabled");
    const on = await memoryTree({ ...off, "/etc/cloud/cloud-init.enabled": "" });
    expect((await readCloudInitConfig(on)).disabledBy).toBeNull();
    const identify = await memoryTree({ "/etc/cloud/ds-identify.cfg": "policy: disabled\n" });
    expect((await readCloudInitConfig(identify)).disabledBy).toBe("/etc/cloud/ds-identify.cfg");
    expect((await readCloudInitConfig(await memoryTree({}))).datasources).toBeNull();
  });
});

describe("an SSH server", () => {
  const user = { name: "ann", uid: 1000, gid: 1000, gecos: null, home: "/home/ann", shell: "/bin/sh", groups: [] };
  const read = async (files: Parameters<typeof memoryTree>[0]) => {
    const tree = await memoryTree({ "/usr/lib/systemd/systemd": "", "/usr/sbin/sshd": "", ...files });
    return readSshServer(tree, [user], await readUnits(tree));
  };

  it("starts by a unit or a socket, of the administrator or the distribution, unless that is masked", async () => {
    const etc = "/etc/systemd/system";
    expect((await read({})).enabled).toBe(false);
    expect((await read({ [`${etc}/multi-user.target.wants/sshd.service`]: "" })).enabled).toBe(true);
    expect((await read({ [`${etc}/sockets.target.wants/ssh.socket`]: "" })).enabled).toBe(true);
    expect((await read({ "/usr/lib/systemd/system/multi-user.target.wants/ssh.service": "" })).enabled).toBe(true);
    const masked = {
      [`${etc}/multi-user.target.wants/ssh.service`]: "",
      [`${etc}/ssh.service`]: { link: "/dev/null" },
    };
    expect((await read(masked)).enabled).toBe(false);
    const never = { [`${etc}/multi-user.target.wants/ssh.service`]: "", "/etc/ssh/sshd_not_to_be_run": "" };
    expect((await read(never)).enabled).toBe(false);
    expect((await readSshServer(await memoryTree({}), [], null)).enabled).toBeNull();
  });

  it("gets its keys from a unit of its own, or one that is enabled", async () => {
    const unit = "/usr/lib/systemd/system/sshd.service";
    expect((await read({ [unit]: "Wants=sshd-keygen.target\n" })).keyMaker).toBe(unit);
    expect((await read({ [unit]: "ExecStart=/usr/sbin/sshd -D\n" })).keyMaker).toBeNull();
    const own = { "/etc/systemd/system/keys.service": "ExecStart=ssh-keygen -A\n" };
    expect((await read(own)).keyMaker).toBeNull();
    const enabled = { ...own, "/etc/systemd/system/multi-user.target.wants/keys.service": "" };
    expect((await read(enabled)).keyMaker).toBe("/etc/systemd/system/keys.service");
    expect((await read({ "/etc/rc.local": "ssh-keygen -A\n" })).keyMaker).toBe("/etc/rc.local");
  });

  it("lets in by keys, from where its configuration has them", async () => {
    const elsewhere = {
      "/etc/keys/ann": '# mine\nfrom="10.0.0.1" ssh-ed25519 AAAAC3Nz ann@home\nnonsense\n',
      "/etc/ssh/sshd_config":
        "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\nAuthorizedKeysFile /etc/keys/%u\n",
      "/etc/ssh/sshd_config.d/10.conf": "PermitRootLogin no\nMatch User ann\nPermitRootLogin yes\n",
    };
    const ann = ["ssh-ed25519 AAAAC3Nz"];
    expect(await read(elsewhere)).toMatchObject({ otherKeys: false, loose: {}, authorizedKeys: { ann } });
    const home = { "/home/ann/.ssh/authorized_keys": "ssh-ed25519 AAAAC3Nz ann@home\n" };
    expect(await read(home)).toMatchObject({ config: null, locked: null, authorizedKeys: { ann } });
    expect((await read({ ...elsewhere, ...home })).authorizedKeys).toEqual({ ann });
    const command = { "/etc/ssh/sshd_config": "AuthorizedKeysCommand /bin/keys\nAuthorizedKeysFile none\n" };
    expect(await read({ ...home, ...command })).toMatchObject({ otherKeys: true, authorizedKeys: {} });
    expect(await read({ "/etc/shadow": "root:*:1::::::\nann:!$6$x:1::::::\n" })).toMatchObject({ locked: ["ann"] });
    expect(keysOf("sk-ssh-ed25519@openssh.com AAAAGnNr me")).toEqual(["sk-ssh-ed25519@openssh.com AAAAGnNr"]);
  });
});

describe("what a kernel has and is told", () => {
  it("are modules, built in or loadable", async () => {
    const tree = await memoryTree({
      "/lib/modules/6.1/modules.builtin": "kernel/drivers/nvme/host/nvme.ko\n",
      "/lib/modules/6.1/modules.dep":
        "kernel/drivers/block/virtio_blk.ko.xz: kernel/drivers/virtio/virtio.ko.xz\nkernel/net/9p/9pnet-virtio.ko.zst:\nkernel/other.ko:\n",
    });
    const wanted = new Set(["nvme", "virtio_blk", "9pnet_virtio", "ahci"]);
    const found = await readKernelModules(tree, "/lib/modules/6.1", wanted);
    expect(found).toEqual({ builtin: ["nvme"], loadable: ["virtio_blk", "9pnet_virtio"] });
    expect(await readKernelModules(tree, "/lib/modules/6.2", wanted)).toBeNull();
    expect(moduleName("modules.dep")).toBeNull();
  });

  it("are command lines of every kind of menu, without those for repairs", async () => {
    const tree = await memoryTree({
      "/boot/grub/grub.cfg":
        "\tlinux\t/vmlinuz root=UUID=1 ro console=tty0 console=ttyS0\n\tlinux /vmlinuz root=UUID=1 ro single\n",
      "/boot/loader/entries/a.conf": "title A\noptions root=LABEL=a quiet\n",
      "/boot/loader/entries/a-rescue.conf": "options root=LABEL=r\n",
      "/boot/extlinux/extlinux.conf": "LABEL x\n  APPEND root=/dev/vda1\n",
    });
    const lines = await readCommandLines(tree);
    expect(lines.map(({ text }) => parameter(text, "root"))).toEqual(["UUID=1", "LABEL=a", "/dev/vda1"]);
    expect(parameters(lines[0]?.text ?? "", "console")).toEqual(["tty0", "ttyS0"]);
    expect(parameter("rootflags=x", "root")).toBeNull();
  });

  it("are renderers that are there", async () => {
    expect(await readRenderers(await memoryTree({ "/sbin/ifup": "", "/usr/bin/nmcli": "" }))).toEqual([
      "network-manager",
      "eni",
    ]);
  });
});

describe("a cpio archive", () => {
  const archive = initramfs(["virtio_blk", "ahci"]);

  it("tells its names, wherever it is split", () => {
    const whole = new CpioNames();
    const names = whole.push(archive);
    expect(names).toHaveLength(2);
    expect([whole.ended, whole.position]).toEqual([true, archive.length]);
    for (let at = 1; at < archive.length; at++) {
      const cpio = new CpioNames();
      expect([...cpio.push(archive.subarray(0, at)), ...cpio.push(archive.subarray(at))]).toEqual(names);
      expect(cpio.position).toBe(archive.length);
    }
  });

  it("stands behind another one, with zeros between them, wherever they are split", () => {
    const both = Buffer.concat([archive, Buffer.alloc(512), archive, Buffer.alloc(8)]);
    const names = [...new CpioNames().push(archive), ...new CpioNames().push(archive)];
    for (let at = 0; at < both.length; at += 3) {
      const cpio = new CpioArchives();
      expect([...cpio.push(both.subarray(0, at)), ...cpio.push(both.subarray(at))]).toEqual(names);
      expect([cpio.complete, cpio.ended]).toEqual([true, false]);
    }
    const cut = new CpioArchives();
    cut.push(both.subarray(0, archive.length + 700));
    expect(cut.complete).toBe(false);
  });

  it("ends where it is none", () => {
    for (const bytes of [new Uint8Array(200), Buffer.from("070701".padEnd(200, "z"))]) {
      const cpio = new CpioNames();
      expect(cpio.push(bytes)).toEqual([]);
      expect(cpio.ended).toBe(true);
    }
  });
});

describe("an EFI program", () => {
  it("tells machine, signature and sections", () => {
    const program = parsePe(pe({ signed: true, sections: { ".cmdline": "quiet", ".linux": "kernel" } }));
    expect(program).toMatchObject({ arch: "x86_64", signed: true });
    expect(program?.sections.map(({ name, size }) => [name, size])).toEqual([
      [".cmdline", 5],
      [".linux", 6],
    ]);
    expect(parsePe(pe({ machine: 0xaa64 }))).toMatchObject({ arch: "aarch64", signed: false });
  });

  it("is refused cut at any place, without a fault", () => {
    const bytes = pe({ sections: { ".cmdline": "quiet" } });
    for (let length = 0; length < 600; length++) expect(() => parsePe(bytes.subarray(0, length))).not.toThrow();
    expect(parsePe(new Uint8Array(4096))).toBeNull();
  });
});
