import { expect, it } from "vitest";
import { microGuest } from "../../support/micro-guest/index.ts";
import { plainQemu } from "../../tools/qemu/plain-qemu.ts";

/** Boots take seconds on a quiet host, and many times that on a busy one. */
const LIMIT = 180_000;

it("boots its other disk by BIOS, from the disk alone", async () => {
  const guest = await microGuest();
  const disk = ["-drive", `if=virtio,format=qcow2,snapshot=on,file=${guest.imageBios}`];
  await using machine = await plainQemu(disk, guest.sshKey);
  await machine.agent(LIMIT);
  expect(await machine.ssh("ls /boot/syslinux", LIMIT)).toContain("ldlinux.sys");
  expect(await machine.powerOff(LIMIT)).toBe(0);
});
