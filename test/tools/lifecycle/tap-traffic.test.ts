import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { tapTraffic } from "../../../core/lifecycle/usage/tap.ts";

const TAP = `gkt${process.pid % 100_000}`;

/** Has a tap as QEMU has one, and sends a frame of 1000 bytes as a guest would; it goes with the process. */
const GUEST = `
import fcntl, os, struct, subprocess, sys
tap = os.open("/dev/net/tun", os.O_RDWR)
IFF_TAP, IFF_NO_PI, TUNSETIFF = 0x2, 0x1000, 0x400454CA
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH", sys.argv[1].encode(), IFF_TAP | IFF_NO_PI))
subprocess.run(["ip", "link", "set", sys.argv[1], "up"], check=True)
os.write(tap, b"\\xff" * 6 + b"\\x02\\0\\0\\0\\0\\1" + b"\\x88\\xb5" + bytes(986))
print("sent", flush=True)
sys.stdin.read()
`;

it.runIf(process.getuid?.() === 0)("a tap's bytes are counted as the guest sees them, by the host", async () => {
  const guest = spawn("python3", ["-c", GUEST, TAP], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(guest, "exit");
  try {
    await Promise.race([once(guest.stdout, "data"), ended]);
    const seen = await tapTraffic(Number(guest.pid));
    const counted = async (name: string) =>
      Number(await readFile(`/sys/class/net/${TAP}/statistics/${name}`, "latin1"));
    expect(seen?.sent).toBe(await counted("rx_bytes"));
    expect(seen?.sent).toBeGreaterThanOrEqual(986);
    expect(seen?.sent).toBeLessThanOrEqual(1_000);
    expect(seen?.received).toBeLessThanOrEqual(await counted("tx_bytes"));
  } finally {
    guest.stdin.end();
    await ended;
  }
});

it("a process without one has none", async () => {
  expect(await tapTraffic(process.pid)).toBeNull();
});
