import { execFileSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DebianImage, debianImage } from "../../support/debian.ts";

let image: DebianImage;
let dir: string;
let root: string;

beforeAll(async () => {
  image = await debianImage();
  dir = mkdtempSync(join(tmpdir(), "guestkit-bootstrap-"));
  root = `${image.path}?offset=${partition(2).start}`;
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

function tool(command: string, ...args: string[]): string {
  const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
  return execFileSync(command, args, {
    encoding: "utf8",
    stdio: "pipe",
    env: { ...process.env, PATH },
    maxBuffer: 1e8,
  });
}

function debugfs(request: string): string {
  return tool("debugfs", "-R", request, root);
}

function cat(path: string): string {
  return debugfs(`cat ${path}`);
}

/** As sfdisk reads it, bytes. */
function partition(number: number): { start: number; size: number; type: string } {
  const { partitiontable } = JSON.parse(tool("sfdisk", "--json", image.path));
  const { start, size, type } = partitiontable.partitions[number - 1];
  return { start: start * 512, size: size * 512, type };
}

function copyOut(offset: number, size: number): string {
  const path = join(dir, `at-${offset}`);
  const [from, to] = [openSync(image.path, "r"), openSync(path, "w")];
  const chunk = Buffer.alloc(1 << 20);
  for (let at = 0; at < size; ) {
    const length = readSync(from, chunk, 0, Math.min(chunk.length, size - at), offset + at);
    writeSync(to, chunk, 0, length, at);
    at += length;
  }
  closeSync(from);
  closeSync(to);
  return path;
}

describe("an image bootstrapped by an ordinary user", () => {
  it("has a partition table and file systems without a fault", () => {
    expect(partition(1).type).toBe("C12A7328-F81F-11D2-BA4B-00A0C93EC93B");
    expect(partition(2).type).toBe("4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709");
    expect(() => tool("sfdisk", "--verify", image.path)).not.toThrow();
    expect(tool("e2fsck", "-fn", root)).toMatch(/files/);
    expect(tool("blkid", "--probe", "--offset", String(partition(2).start), image.path)).toContain(
      image.result.rootUuid,
    );
  });

  it("has an EFI system partition with the kernel in one program", () => {
    const esp = copyOut(partition(1).start, partition(1).size);
    tool("fsck.fat", "-n", esp);
    const uki = join(dir, "uki.efi");
    tool("mcopy", "-n", "-i", esp, "::/EFI/BOOT/BOOTX64.EFI", uki);
    const section = (name: string) => {
      const path = join(dir, name.slice(1));
      tool("objcopy", "--dump-section", `${name}=${path}`, uki, join(dir, "dropped"));
      return readFileSync(path);
    };
    expect(section(".cmdline").toString()).toBe(`${image.result.boot?.cmdline}\0`);
    expect(section(".osrel").toString()).toContain("ID=debian");
    debugfs(`dump ${image.result.boot?.image} ${join(dir, "vmlinuz")}`);
    expect(section(".linux").equals(readFileSync(join(dir, "vmlinuz")))).toBe(true);
    debugfs(`dump ${image.result.boot?.initrd} ${join(dir, "initrd")}`);
    expect(section(".initrd").equals(readFileSync(join(dir, "initrd")))).toBe(true);
  });

  it("has the packages that the result tells of", () => {
    const admin = join(dir, "admin");
    mkdirSync(join(admin, "info"), { recursive: true });
    debugfs(`dump /var/lib/dpkg/status ${join(admin, "status")}`);
    const listed = tool("dpkg-query", `--admindir=${admin}`, "-W", "-f", "$" + "{Package} $" + "{Version}\\n");
    const names = image.result.packages.map((each) => `${each.name} ${each.version}`);
    expect(listed.trim().split("\n").sort()).toEqual(names.sort());
    for (const wanted of ["openssh-server", "iputils-ping", "sudo", "linux-image-cloud-amd64"]) {
      expect(image.result.packages.map((each) => each.name)).toContain(wanted);
    }
  });

  it("keeps owners, set-id bits and capabilities", () => {
    expect(debugfs("stat /etc/shadow")).toMatch(/Mode:\s+0640[\s\S]*User:\s+0\s+Group:\s+42\b/);
    expect(debugfs("stat /usr/bin/su")).toMatch(/Mode:\s+04755/);
    expect(debugfs("stat /tmp")).toMatch(/Mode:\s+01777/);
    debugfs(`ea_get -f ${join(dir, "capability")} /usr/bin/ping security.capability`);
    // Version 2 (no namespace's root in it), effective, cap_net_raw.
    expect(readFileSync(join(dir, "capability")).toString("hex")).toBe("0100000200200000000000000000000000000000");
    expect(debugfs("stat /usr/bin/ping")).toMatch(/User:\s+0\s+Group:\s+0\b/);
  });

  it("is configured as declared", () => {
    expect(cat("/etc/hostname")).toBe("web\n");
    expect(cat("/etc/fstab")).toMatch(new RegExp(`^UUID=${image.result.rootUuid} / ext4 `));
    expect(cat("/etc/default/locale")).toBe("LANG=C.UTF-8\n");
    expect(cat("/etc/passwd")).toMatch(/^admin:x:1000:1000:.*:\/home\/admin:\/bin\/bash$/m);
    expect(cat("/etc/shadow")).toContain("admin:$6$salt$notARealHash:");
    expect(cat("/etc/group")).toMatch(/^crew:x:\d+:admin$/m);
    expect(cat("/home/admin/.ssh/authorized_keys")).toMatch(/^ssh-ed25519 \S+ it's me\n$/);
    expect(debugfs("stat /home/admin/.ssh/authorized_keys")).toMatch(/Mode:\s+0600[\s\S]*User:\s+1000\s+Group:\s+1000/);
    expect(cat("/etc/sudoers.d/90-admin")).toBe("admin ALL=(ALL:ALL) NOPASSWD: ALL\n");
    expect(cat("/etc/systemd/network/80-dhcp.network")).toContain("DHCP=yes");
  });

  it("carries nothing that is the host's or each machine's own", () => {
    expect(debugfs("stat /etc/machine-id")).toMatch(/Size: 0\b/);
    const names = (path: string) =>
      debugfs(`ls -p ${path}`)
        .split("\n")
        .flatMap((line) => line.split("/")[5] ?? []);
    expect(names("/etc/ssh").filter((name) => name.startsWith("ssh_host"))).toEqual([]);
    expect(names("/usr/local/sbin")).not.toContain("update-initramfs");
    expect(names("/etc/dpkg/dpkg.cfg.d")).not.toContain("99mmdebstrap");
    expect(names("/var/cache/apt/archives").filter((name) => name.endsWith(".deb"))).toEqual([]);
    expect(names("/dev")).toEqual([".", ".."]);
    expect(names("/etc/systemd/system/multi-user.target.wants")).toContain("ssh-host-keys.service");
    expect(readdirSync(dir)).not.toContain("tree");
  });
});
