import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseAccelerator } from "../../../core/qemu/accelerator/index.ts";
import { probeRom, ROM_SIZE } from "../../../core/qemu/accelerator/rom.ts";
import { scratch } from "../../support/scratch.ts";

const { signal } = new AbortController();
const host = { platform: "linux", architecture: "x64", device: "/dev/null" };

async function choose(given: { accel?: string; host?: Partial<typeof host> }) {
  const cacheDir = await scratch("accelerator");
  const env = given.accel === undefined ? {} : { GUESTKIT_ACCEL: given.accel };
  // A QEMU that must not be started: whatever would, fails.
  return chooseAccelerator({
    settings: { cacheDir },
    signal,
    env,
    host: { ...host, ...given.host },
    qemu: "/nonexistent",
  });
}

describe("the accelerator", () => {
  it.each(["kvm", "hvf", "tcg"])("is %s when GUESTKIT_ACCEL says so, without a trial", async (accel) => {
    expect(await choose({ accel })).toEqual({ accelerator: accel, reason: `GUESTKIT_ACCEL is ${accel}`, help: null });
  });

  it("refuses a name that is none, and kvm that cannot be", async () => {
    await expect(choose({ accel: "KVM" })).rejects.toMatchObject({ code: "E_ACCELERATOR" });
    const device = join(await scratch("accelerator"), "kvm");
    await expect(choose({ accel: "kvm", host: { device } })).rejects.toMatchObject({
      code: "E_ACCELERATOR",
      message: expect.stringContaining(device),
    });
  });

  it("is tcg at once where no device is there, or another processor", async () => {
    const device = join(await scratch("accelerator"), "kvm");
    expect(await choose({ accel: "auto", host: { device } })).toMatchObject({
      accelerator: "tcg",
      reason: `this host has no ${device}`,
      help: expect.stringContaining("modprobe"),
    });
    expect(await choose({ host: { architecture: "arm64" } })).toMatchObject({ accelerator: "tcg", help: null });
  });

  it("starts its ROM with a jump at the reset vector, which lands at the ROM's start", () => {
    const rom = probeRom();
    expect(rom).toHaveLength(ROM_SIZE);
    const jump = new DataView(rom.buffer, 0xfff0);
    expect(jump.getUint8(0)).toBe(0xe9);
    expect((0xfff0 + 3 + jump.getInt16(1, true)) & 0xffff).toBe(0);
  });
});
