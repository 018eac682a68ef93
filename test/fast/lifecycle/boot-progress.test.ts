import { expect, it } from "vitest";
import { BootProgress } from "../../../core/lifecycle/ready/boot-progress.ts";
import { ConsoleLines, cleanConsole } from "../../../core/qemu/log/console-text.ts";

it("shows what a terminal would, without its sequences", () => {
  expect(cleanConsole("\x1b[0;32m  OK  \x1b[0m] done\r\n\x1b]0;title\x07x\x1b(By\rz\x1b[2J")).toBe("  OK  ] done\nz");
});

it("cuts lines however the bytes are split", () => {
  const text = "a\x1b[31mred\x1b[0m\r\nüber\r\nlogin: ";
  const bytes = Buffer.from(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const lines = new ConsoleLines();
    const got = [...lines.push(bytes.subarray(0, cut)), ...lines.push(bytes.subarray(cut))];
    expect(got).toEqual(["ared", "über"]);
    expect(lines.open).toBe("login:");
  }
});

it("leaves an open line open, however much comes before it", () => {
  const lines = new ConsoleLines();
  expect(lines.push(Buffer.from(`${"line\n".repeat(10_000)}login: `))).toHaveLength(10_000);
  expect(lines.open).toBe("login:");
});

it("keeps no more of a line without end than it must", () => {
  const lines = new ConsoleLines();
  for (let i = 0; i < 100; i++) lines.push(Buffer.alloc(1000, 97));
  expect(lines.open.length).toBeLessThan(20_000);
});

const DEBIAN = `SeaBIOS (version 1.16.2-debian-1.16.2-1)
Booting from Hard Disk...
GRUB loading.
Welcome to GRUB!
Loading Linux 6.1.0-30-amd64 ...
Loading initial ramdisk ...
[    0.000000] Linux version 6.1.0-30-amd64 (debian-kernel@lists.debian.org)
[    1.200000] Run /init as init process
Loading, please wait...
Begin: Running /scripts/init-premount ... done.
[    3.100000] systemd[1]: systemd 252.30-1~deb12u2 running in system mode (+PAM)
Welcome to Debian GNU/Linux 12 (bookworm)!
[  OK  ] Reached target network.target - Network.
[   12.000000] cloud-init[300]: Cloud-init v. 22.4.2 running 'init-local' at Sun, 22 Nov 2026
[   14.000000] cloud-init[310]: Cloud-init v. 22.4.2 running 'init' at Sun, 22 Nov 2026
[  OK  ] Started ssh.service - OpenBSD Secure Shell server.
[   20.000000] cloud-init[400]: Cloud-init v. 22.4.2 running 'modules:final' at Sun, 22 Nov 2026
[   21.000000] cloud-init[400]: Cloud-init v. 22.4.2 finished at Sun, 22 Nov 2026
web login: `;

it("follows a Debian boot from the firmware to the login prompt", () => {
  const boot = new BootProgress();
  const steps = DEBIAN.split("\n").flatMap((line) => boot.push(line) ?? []);
  expect(steps.map(({ phase, detail }) => `${phase}: ${detail}`)).toEqual([
    "firmware: SeaBIOS (version 1.16.2-debian-1.16.2-1)",
    "firmware: Booting from Hard Disk...",
    "boot loader: Welcome to GRUB",
    "boot loader: Loading Linux 6.1.0-30-amd64 ...",
    "boot loader: Loading initial ramdisk ...",
    "kernel: Linux version 6.1.0-30-amd64",
    "initramfs: /init",
    "initramfs: Loading, please wait...",
    "initramfs: Begin: Running /scripts/init-premount",
    "system: systemd 252.30-1~deb12u2 running in system mode",
    "system: Welcome to Debian GNU/Linux 12 (bookworm)!",
    "system: Reached target network.target - Network",
    "cloud-init: init-local",
    "cloud-init: init",
    "cloud-init: modules:final",
    "cloud-init: finished",
    "login: web login:",
  ]);
  expect(boot.panic).toBeNull();
  expect(boot.deadEnd).toBeNull();
});

it("begins anew when the guest does", () => {
  const boot = new BootProgress();
  boot.push("web login: ");
  expect(boot.push("[    0.000000] Linux version 6.1.0")).toMatchObject({ phase: "kernel" });
});

it("hears the kernel's last words and sees where a boot stops", () => {
  const boot = new BootProgress();
  boot.push("[    2.1] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)");
  expect(boot.panic).toBe("VFS: Unable to mount root fs on unknown-block(0,0)");
  const other = new BootProgress();
  other.push("You are in emergency mode. After logging in, type journalctl");
  expect(other.deadEnd).toContain("emergency");
  other.push("web login: ");
  other.push("[    0.0] Linux version 6.1");
  expect(other.deadEnd).toBeNull();
});
