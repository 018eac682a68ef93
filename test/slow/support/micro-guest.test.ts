import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { seedImage } from "../../../core/seed/index.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { scratch } from "../../support/scratch.ts";
import { plainQemu } from "../../tools/qemu/plain-qemu.ts";

/** Boots take seconds on a quiet host, and many times that on a busy one. */
const LIMIT = 180_000;
const disk = (image: string) => ["-drive", `if=virtio,format=qcow2,snapshot=on,file=${image}`];

it("boots its other disk by BIOS, from the disk alone", async () => {
  const guest = await microGuest();
  await using machine = await plainQemu(disk(guest.imageBios), guest.sshKey);
  await machine.agent(LIMIT);
  expect(await machine.ssh("ls /boot/syslinux", LIMIT)).toContain("ldlinux.sys");
  expect(await machine.powerOff(LIMIT)).toBe(0);
});

it("boots its disk by UEFI and does what the seed says, as cloud-init would tell it", async () => {
  const guest = await microGuest();
  const dir = await scratch("micro-guest");
  const seed = join(dir, "seed.iso");
  await writeFile(seed, seedImage({ "meta-data": "instance-id: one\n", "user-data": USER_DATA }));
  const vars = join(dir, "vars.fd");
  await copyFile("/usr/share/OVMF/OVMF_VARS_4M.fd", vars);
  const flash = ["-drive", "if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd"];
  const state = ["-drive", `if=pflash,format=raw,unit=1,file=${vars}`];
  const medium = ["-drive", `if=virtio,format=raw,readonly=on,file=${seed}`];
  await using machine = await plainQemu([...flash, ...state, ...disk(guest.image), ...medium], guest.sshKey);
  await machine.agent(LIMIT);
  expect(await machine.ssh("cat /proc/mounts", LIMIT)).toMatch(/^\/dev\/vda2 \/ ext4 rw/m);
  const status = await machine.ssh("cloud-init status --wait --long --format json || true", LIMIT);
  expect(JSON.parse(status)).toMatchObject({
    status: "error",
    datasource: "nocloud",
    errors: ["('scripts-user', RuntimeError('Runparts: 1 failures (runcmd) in 1 attempted commands'))"],
  });
  const result = JSON.parse(await machine.ssh("cat /run/cloud-init/result.json", LIMIT));
  expect(result.v1.errors).toEqual(JSON.parse(status).errors);
  expect(
    await machine.ssh(
      "hostname; cat /etc/motd; stat -c %a /etc/motd; stat -c %U /home/al/later; su al -c 'id -un; sudo -n id -un'",
      LIMIT,
    ),
  ).toBe(`web\n${MOTD}600\nal\nal\nroot\n`);
  expect(await machine.powerOff(LIMIT)).toBe(0);
});

const MOTD = 'it\'s "quoted" \\ and $plain\nü\n';
const USER_DATA = `#cloud-config
hostname: "web"
users:
  - name: "al"
    sudo: "ALL=(ALL) NOPASSWD:ALL"
write_files:
  - path: "/etc/motd"
    permissions: "0600"
    content: ${JSON.stringify(MOTD)}
  - path: "/home/al/later"
    owner: "al:al"
    defer: true
    content: "of al\\n"
runcmd:
  - true
  - [sh, -c, "exit 3"]
`;
