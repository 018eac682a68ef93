import { describe, expect, it } from "vitest";
import type { Disk } from "../../../core/inspect/disk.ts";
import { inspectDisk } from "../../../core/inspect/index.ts";
import { findRoots } from "../../../core/inspect/roots.ts";
import { Budget, SHARE } from "../../../core/kit/budget.ts";
import { deviceNode } from "../../support/device-node.ts";
import { type Content, MemoryFileSystem } from "../../support/memory-filesystem.ts";

const STATUS = "Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n";
const SYSTEM = { "/etc/os-release": "ID=debian\n", "/usr/bin/x": "", "/var/lib/dpkg/status": STATUS };

/** The report of a disk of one such file system. */
async function inspect(files: Readonly<Record<string, Content>>) {
  return await inspectFileSystem(new MemoryFileSystem({ ...SYSTEM, ...files }));
}

async function inspectFileSystem(fs: MemoryFileSystem) {
  const filesystems = [deviceNode({ type: "ext4", label: "r", uuid: "u", size: 1, free: 0, fs })];
  const budget = new Budget();
  const disk = { nodes: filesystems, filesystems, budget, warnings: [], bootCode: new Uint8Array(512) };
  return await inspectDisk({ ...disk, findRoots: () => findRoots(filesystems, budget) } as unknown as Disk);
}

/** `count` names of one content of `bytes` bytes. */
const many = (count: number, name: (index: number) => string, content: Content): Record<string, Content> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), content]));

const NETPLAN = "network:\n ethernets:\n".padEnd(4 << 20, "  e:\n   addresses: [1.1.1.1/8]\n");
const PARAGRAPH = new TextEncoder().encode(`${STATUS}${" x\n".repeat(5 << 20)}`);

it("what guestkit itself does wrong costs the fact that it is in, and an interruption ends the whole", async () => {
  const failing = (error: Error) => {
    const fs = new MemoryFileSystem({ ...SYSTEM, "/etc/hostname": "a\n" });
    const lookup = fs.lookup.bind(fs);
    fs.lookup = async (parent, name) => {
      if (new TextDecoder().decode(name) === "hostname") throw error;
      return await lookup(parent, name);
    };
    return inspectFileSystem(fs);
  };
  const report = await failing(new RangeError("too many arguments"));
  expect(report).toMatchObject({ distro: "debian", hostname: null, packages: [{ name: "a" }] });
  expect(report.warnings).toEqual([
    expect.stringMatching(/hostname cannot be read: .*too many arguments \(E_INTERNAL/),
  ]);
  await expect(failing(new DOMException("", "AbortError"))).rejects.toThrow(DOMException);
  await expect(failing(Object.assign(new Error("EIO"), { code: "EIO", syscall: "read" }))).rejects.toThrow("EIO");
});

describe("a guest that makes its inspection long", () => {
  it.each([
    [
      "network",
      { files: many(3, (at) => `/etc/netplan/${at}.yaml`, NETPLAN) },
      /"\/etc\/netplan\/2\.yaml" for network/,
    ],
    ["packages", { files: many(9, (at) => `/var/lib/dpkg/updates/${at}`, PARAGRAPH) }, /updates/],
    ["units", { files: many(100_001, (at) => `/etc/systemd/system/u${at}.service`, "") }, /"\/etc\/systemd\/system"/],
    ["kernels", { files: many(100_001, (at) => `/boot/vmlinuz-${at}`, "") }, /"\/boot" for kernels/],
  ] as const)("with %s gets a report without them that says why; the rest is right", async (part, { files }, what) => {
    const report = await inspect(files);
    expect(report).toMatchObject({ distro: "debian", [part]: null });
    const told = report.warnings.filter((warning) => warning.startsWith(`/dev/sda: ${part} cannot be read: `));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(what);
  });

  it("by interfaces that have all addresses of a file each is refused, and no product is made", async () => {
    const names = Array.from({ length: 10_000 }, (_, at) => `e${at}`).join(" ");
    const addresses = "Address=10.0.0.1/8\n".repeat(10_000);
    const report = await inspect({
      "/etc/systemd/network/a.network": `[Match]\nName=${names}\n[Network]\n${addresses}`,
    });
    expect(report.network).toBeNull();
    expect(report.warnings.join()).toContain(`network: it takes more than ${SHARE.entries} entries`);
  });

  it("by mounts is refused: what may hide behind them is not told without them", async () => {
    const report = await inspect({ "/etc/fstab": "LABEL=r /usr ext4\n".repeat(SHARE.entries + 2) });
    expect(report.operating_systems).toHaveLength(0);
    expect(report.warnings.join()).toMatch(/\/dev\/sda may hold a system that cannot be read: .*"\/usr" for systems/);
  });

  it("reads lists of any length that a share allows: no list is spread over a call's arguments", async () => {
    const list = `[${Array.from({ length: 99_000 }, () => "::1").join(", ")}]`;
    const lines = "menuentry\n linux /vmlinuz root=/dev/sda1\n".repeat(90_000);
    const netplan = `network:\n ethernets:\n  e0:\n   addresses: ${list}\n`;
    const interfaces = Array.from({ length: 90_000 }, (_, at) => `iface e${at} inet dhcp\n`).join("");
    const report = await inspect({ "/etc/netplan/0.yaml": netplan, "/boot/grub/grub.cfg": lines });
    expect(report.network?.[0]?.interfaces[0]?.addresses).toHaveLength(99_000);
    const elder = await inspect({
      "/etc/network/interfaces": "source interfaces.d/*\n",
      "/etc/network/interfaces.d/a": interfaces,
    });
    expect(elder.network?.[0]?.interfaces).toHaveLength(90_000);
  });
});
