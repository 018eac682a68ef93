import { describe, expect, it } from "vitest";
import { readGroups, readUsers } from "../../../core/guest/accounts.ts";
import { readCloudInit, readGuestAgent } from "../../../core/guest/agents.ts";
import { elfMachine, readArchitecture } from "../../../core/guest/architecture.ts";
import { readBootloader } from "../../../core/guest/bootloader.ts";
import { parseFstab, readFstab } from "../../../core/guest/fstab.ts";
import { readHostname, readMachineId } from "../../../core/guest/identity.ts";
import { readKernels } from "../../../core/guest/kernels.ts";
import { readLocale, readTimezone } from "../../../core/guest/locale.ts";
import { readNetwork } from "../../../core/guest/network/index.ts";
import { readRelease } from "../../../core/guest/release.ts";
import { readUnits } from "../../../core/guest/units.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { MemoryFileSystem, memoryTree } from "../../support/memory-filesystem.ts";

function elf(width: 1 | 2, order: 1 | 2, machine: number): Uint8Array {
  const head = new Uint8Array(64);
  head.set([0x7f, 0x45, 0x4c, 0x46, width, order]);
  new DataView(head.buffer).setUint16(18, machine, order === 1);
  return head;
}

describe("identity", () => {
  it("is the first line that counts", async () => {
    const tree = await memoryTree({
      "/etc/hostname": "# set by me\n web \n",
      "/etc/machine-id": `${"0af".repeat(10)}0a\n`,
    });
    expect(await readHostname(tree)).toBe("web");
    expect(await readMachineId(tree)).toBe(`${"0af".repeat(10)}0a`);
  });

  it("is null in an image for cloning, and elder elsewhere", async () => {
    const tree = await memoryTree({
      "/etc/sysconfig/network": 'HOSTNAME="old"\n',
      "/etc/machine-id": "uninitialized\n",
    });
    expect(await readHostname(tree)).toBe("old");
    expect(await readMachineId(tree)).toBeNull();
    expect(await readHostname(await memoryTree({ "/etc/conf.d/hostname": '# OpenRC\nhostname="box"\n' }))).toBe("box");
  });
});

describe("accounts of image-based systems", () => {
  it("stand in /usr/lib as well, below those of /etc", async () => {
    const tree = await memoryTree({
      "/etc/passwd": "root:x:0:0::/root:/bin/sh\n",
      "/usr/lib/passwd": "root:x:0:0::/:/bin/false\nsshd:x:74:74::/:/sbin/nologin\n",
      "/etc/group": "wheel:x:10:sshd\n",
      "/usr/lib/group": "sshd:x:74:\n",
    });
    const users = await readUsers(tree);
    expect(users.map(({ name, home, groups }) => [name, home, ...groups])).toEqual([
      ["root", "/root"],
      ["sshd", "/", "sshd", "wheel"],
    ]);
    expect((await readGroups(tree)).map(({ name }) => name)).toEqual(["wheel", "sshd"]);
  });
});

describe("architecture", () => {
  it.each([
    [elf(2, 1, 62), "x86_64"],
    [elf(1, 1, 3), "i386"],
    [elf(2, 1, 183), "aarch64"],
    [elf(2, 2, 22), "s390x"],
    [elf(2, 1, 21), "ppc64le"],
    [elf(2, 1, 243), "riscv64"],
    [elf(2, 1, 9999), null],
  ])("%# comes from the ELF header", (head, name) => {
    expect(elfMachine(head)).toBe(name);
  });

  it("follows links and passes over scripts", async () => {
    const tree = await memoryTree({
      "/bin": { link: "usr/bin" },
      "/usr/bin/sh": { link: "/usr/bin/dash" },
      "/usr/bin/dash": "#!/no/elf but long enough\n",
      "/sbin/init": { link: "../lib/systemd/systemd" },
      "/lib/systemd/systemd": elf(2, 1, 183),
    });
    expect(await readArchitecture(tree)).toBe("aarch64");
  });
});

describe("accounts", () => {
  it("never tell a password, and pass over what is no account", async () => {
    const tree = await memoryTree({
      "/etc/passwd":
        "root:$6$secret:0:0:root:/root:/bin/bash\nu:x:1000:100::/home/u:/bin/sh\n+::::::\nbroken\nn:x:abc:1:::\n",
      "/etc/group": "root:secret:0:\nusers:x:100:\nsudo:x:27:u,root\n",
    });
    const users = await readUsers(tree);
    expect(users).toEqual([
      { name: "root", uid: 0, gid: 0, gecos: "root", home: "/root", shell: "/bin/bash", groups: ["root", "sudo"] },
      { name: "u", uid: 1000, gid: 100, gecos: null, home: "/home/u", shell: "/bin/sh", groups: ["sudo", "users"] },
    ]);
    expect(await readGroups(tree)).toContainEqual({ name: "sudo", gid: 27, members: ["u", "root"] });
    expect(JSON.stringify([users, await readGroups(tree)])).not.toContain("secret");
  });
});

describe("hostile files", () => {
  it.each([
    ["spaces", "/etc/os-release", `ID=a${" ".repeat(3 << 20)}b`],
    ["quotes", "/etc/os-release", `ID="${"a".repeat(3 << 20)}"`],
    ["brackets", "/etc/redhat-release", "(".repeat(3 << 20)],
    ["empty lines", "/etc/network/interfaces", "\n".repeat(3 << 20)],
    ["slashes", "/etc/fstab", `/dev/sda2 /${"/".repeat(3 << 20)}x ext4`],
    ["users", "/etc/passwd", "a:x:1:1:::\n".repeat(1 << 18)],
    ["groups", "/etc/group", "a:x:1:a\n".repeat(1 << 18)],
    ["more than is read", "/etc/hostname", "a".repeat(5 << 20)],
  ])("of %s in %s cost no time", async (_, path, text) => {
    const files = { "/usr/bin/x": "", "/etc/passwd": "a:x:1:1:::\n", "/etc/group": "a:x:1:\n", [path]: text };
    const tree = await memoryTree(files);
    const reads = [readRelease, readHostname, readUsers, readGroups, readNetwork, readFstab, readKernels];
    for (const read of reads) await read(tree).catch((error) => expect(error).toBeInstanceOf(GuestkitError));
  });
});

describe("accounts made to exhaust memory", () => {
  it("are refused", async () => {
    const tree = await memoryTree({
      "/etc/passwd": "a:x:1:1:::\n".repeat(1 << 16),
      "/etc/group": "a:x:1:a\n".repeat(1 << 16),
    });
    await expect(readUsers(tree)).rejects.toMatchObject({ code: "E_ACCOUNTS_SIZE" });
  });
});

describe("time zone and locale", () => {
  it("come from the link first, from files else", async () => {
    const linked = await memoryTree({
      "/etc/localtime": { link: "../usr/share/zoneinfo/posix/America/New_York" },
      "/etc/timezone": "UTC\n",
    });
    expect(await readTimezone(linked)).toBe("America/New_York");
    expect(await readTimezone(await memoryTree({ "/etc/localtime": "TZif", "/etc/timezone": "Asia/Tokyo\n" }))).toBe(
      "Asia/Tokyo",
    );
    expect(await readTimezone(await memoryTree({}))).toBeNull();
    expect(await readLocale(await memoryTree({ "/etc/default/locale": '#\nLANG="de_DE.UTF-8"\n' }))).toBe(
      "de_DE.UTF-8",
    );
  });
});

describe("kernels", () => {
  it("are images and module trees by version", async () => {
    const tree = await memoryTree({
      "/boot/vmlinuz-6.1.0-1": "k",
      "/boot/initrd.img-6.1.0-1": "i",
      "/lib/modules/6.1.0-1/": "",
      "/lib/modules/6.5.0/vmlinuz": "k",
    });
    expect(await readKernels(tree)).toEqual([
      {
        version: "6.1.0-1",
        image: "/boot/vmlinuz-6.1.0-1",
        initrd: "/boot/initrd.img-6.1.0-1",
        modules: "/lib/modules/6.1.0-1",
      },
      { version: "6.5.0", image: "/lib/modules/6.5.0/vmlinuz", initrd: null, modules: "/lib/modules/6.5.0" },
    ]);
  });
});

describe("units and agents", () => {
  const files = {
    "/etc/systemd/system/multi-user.target.wants/ssh.service": { link: "/lib/systemd/system/ssh.service" },
    "/etc/systemd/system/multi-user.target.wants/cloud-final.service": { link: "/lib/systemd/system/x" },
    "/etc/systemd/system/sshd.service.requires/ssh.service": { link: "/lib/systemd/system/ssh.service" },
    "/etc/systemd/system/bad.service": { link: "/dev/null" },
    "/lib/systemd/system/default.target": { link: "graphical.target" },
    "/usr/bin/cloud-init": "x",
  };

  it("are links in .wants and .requires; the default target; masks", async () => {
    expect(await readUnits(await memoryTree(files))).toEqual({
      default_target: "graphical.target",
      enabled: [
        { name: "cloud-final.service", wanted_by: ["multi-user.target"] },
        { name: "ssh.service", wanted_by: ["multi-user.target", "sshd.service"] },
      ],
      masked: ["bad.service"],
    });
  });

  it("tell cloud-init by program and unit, unless it is disabled", async () => {
    const tree = await memoryTree(files);
    expect(await readCloudInit(tree, [], await readUnits(tree))).toEqual({
      installed: true,
      enabled: true,
      version: null,
    });
    const off = await memoryTree({ ...files, "/etc/cloud/cloud-init.disabled": "" });
    expect(await readCloudInit(off, [], await readUnits(off))).toMatchObject({ installed: true, enabled: false });
    expect(await readGuestAgent(tree, [], null)).toEqual({ installed: false, enabled: false, version: null });
  });
});

describe("boot loaders", () => {
  it("are found in the ESP in any case, and in the boot code", async () => {
    const esp = new MemoryFileSystem({
      "/EFI/BOOT/BOOTX64.EFI": "",
      "/EFI/debian/grubx64.efi": "",
      "/EFI/debian/fonts/": "",
      "/EFI/systemd/systemd-bootx64.efi": "",
      "/EFI/Linux/debian-6.1.efi": "",
    });
    const code = new Uint8Array(512);
    code.set(new TextEncoder().encode("GRUB \0Geom"), 0x180);
    const { loaders, config } = await readBootloader(await memoryTree({ "/boot/grub/grub.cfg": "" }), [esp], code);
    expect(loaders.map(({ name, firmware }) => `${firmware} ${name}`).sort()).toEqual([
      "bios grub",
      "efi fallback",
      "efi grub",
      "efi systemd-boot",
      "efi uki",
    ]);
    expect(config).toBe("/boot/grub/grub.cfg");
  });
});

describe("fstab", () => {
  it("has fields with escapes, and default options", () => {
    const text =
      '# note\n\nUUID=1 / ext4\nLABEL="my data" /x ext4 ro\n/dev/sda2 /mnt/my\\040disk vfat ro,noauto 0 0\nbroken\n';
    expect(parseFstab(text.replace('LABEL="my data"', 'LABEL="data"'))).toMatchObject([
      { spec: "UUID=1", target: "/", type: "ext4", options: ["defaults"] },
      { spec: "LABEL=data", target: "/x", type: "ext4", options: ["ro"] },
      { spec: "/dev/sda2", target: "/mnt/my disk", type: "vfat", options: ["ro", "noauto"] },
    ]);
  });
});
