import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type MicroGuest, microGuest } from "../../support/micro-guest/index.ts";
import { scratch } from "../../support/scratch.ts";
import { plainQemu } from "../qemu/plain-qemu.ts";

/** Boots take seconds on a quiet host, and many times that on a busy one. */
const LIMIT = 180_000;

describe("micro guest", () => {
  let guest: MicroGuest;
  let dir: string;
  beforeAll(async () => {
    guest = await microGuest();
    dir = await scratch("micro-guest");
  });
  const kernel = () => ["-kernel", guest.kernel, "-initrd", guest.initrd, "-append", guest.cmdline];

  test("runs from kernel and initramfs alone: agent, SSH, scp, power button", async () => {
    await using machine = await plainQemu(kernel(), guest.sshKey);
    await machine.agent(LIMIT);
    expect(await machine.ssh("uname -r", LIMIT)).toBe(`${guest.release}\n`);
    expect(JSON.parse(await machine.ssh("cloud-init status --format json", LIMIT)).status).toBe("disabled");
    await writeFile(join(dir, "sent"), "over scp\n");
    await machine.copy(join(dir, "sent"), "/tmp/sent");
    expect(await machine.ssh("cat /tmp/sent", LIMIT)).toBe("over scp\n");
    expect(await machine.powerOff(LIMIT)).toBe(0);
  });
});
