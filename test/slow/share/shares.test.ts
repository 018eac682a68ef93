import { execFileSync } from "node:child_process";
import { chmod, chown, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import type { ShareKind } from "../../../core/machine/machine.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { atEnd } from "../../support/at-end.ts";
import { findEngine } from "../../support/engines.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { ordinaryUser } from "../../support/ordinary-user.ts";
import { scratch } from "../../support/scratch.ts";
import { shareMatrix, type Verdict } from "../../support/share-matrix.ts";

const PROGRAM = join(import.meta.dirname, "../../support/share-matrix-program.ts");
const COUNT = 200;
const LARGEST = 64 << 20;
const virtiofsd = findEngine("virtiofsd");
const isRoot = process.getuid?.() === 0;

/** A file system of its own; null where this user may mount none. */
async function fileSystem(): Promise<string | null> {
  const place = await scratch("nfs");
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=400m", "tmpfs", place], { stdio: "pipe" });
  } catch {
    return null;
  }
  // Before the folder is removed.
  atEnd(async () => void execFileSync("umount", ["-l", place]));
  return place;
}

function expectSound(found: Readonly<Record<string, Verdict>>, kinds: readonly ShareKind[], owner: number): void {
  expect(Object.keys(found)).toEqual(kinds);
  for (const [kind, { said, ...verdict }] of Object.entries(found)) {
    const wanted = { seen: true, differ: [], owner, escaped: "", wrote: false };
    expect({ kind, ...verdict }, said).toEqual({ kind, ...wanted });
  }
}

it.runIf(isRoot)(
  "keeps files equal on both sides by every kind, as root",
  async () => {
    const { kernel, initrd, cmdline } = await microGuest();
    const place = await fileSystem();
    if (virtiofsd !== null) process.env.PATH = `${process.env.PATH}:${dirname(virtiofsd)}`;
    const served: ShareKind[] = virtiofsd === null ? ["9p"] : ["9p", "virtiofs"];
    const kinds: ShareKind[] = [...served, "sshfs", "smb", ...(place === null ? [] : (["nfs"] as const))];
    const folder = await scratch("matrix");
    const places = place === null ? {} : { nfs: place };
    const found = await shareMatrix({ kernel, initrd, cmdline, folder, kinds, places, count: COUNT, largest: LARGEST });
    expectSound(found, kinds, 0);
  },
  900_000,
);

it("and as an ordinary user, whose the files then are", async () => {
  const guest = await microGuest();
  await using user = await ordinaryUser();
  const lend = async (from: string, name: string, mode: number) => {
    await copyFile(from, join(user.home, name));
    await chmod(join(user.home, name), mode);
    return join(user.home, name);
  };
  const [kernel, initrd] = [await lend(guest.kernel, "kernel", 0o644), await lend(guest.initrd, "initrd", 0o644)];
  if (virtiofsd !== null) {
    await lend(virtiofsd, "virtiofsd", 0o755);
    process.env.PATH = `${process.env.PATH}:${user.home}`;
  }
  const folder = join(user.home, "folder");
  await mkdir(folder);
  await chown(folder, user.uid, user.gid);
  const served: ShareKind[] = virtiofsd === null ? ["9p"] : ["9p", "virtiofs"];
  const kinds: ShareKind[] = [...served, "sshfs", "smb"];
  const matrix = { kernel, initrd, cmdline: guest.cmdline, folder, kinds, count: COUNT, largest: LARGEST };
  const { code, stdout, stderr } = await user.run(PROGRAM, [JSON.stringify(matrix)]);
  expect([code, stderr]).toEqual([0, ""]);
  expectSound(JSON.parse(stdout) as Record<string, Verdict>, kinds, user.uid);
}, 900_000);

it("keeps /home in a share while the machine's root is thrown away", async () => {
  const guest = await microGuest();
  await using host = await MachineHost.open();
  await mkdir(join(host.folder, "home"));
  const sh = (line: string) => host.text(["vm", "exec", "work", "--", "sh", "-c", line]);
  const work: ValueObject = {
    ...{ base: guest.image, firmware: "uefi", memory: "512M" },
    // By the agent alone: this guest makes itself new host keys on every fresh root.
    networks: { lan: { isolated: true } },
    shares: { home: { path: "./home", kind: "sshfs", mount: "/home" } },
    wait_for: [{ condition: "agent", timeout: 600 }],
  };
  await host.apply({ work });
  await sh("echo kept > /home/mine; echo lost > /root/theirs; sync");
  await host.text(["vm", "restart", "work"]);
  expect(await sh("cat /home/mine; ls /root/theirs 2>/dev/null || echo gone")).toBe("kept\ngone\n");
  expect(await readFile(join(host.folder, "home/mine"), "utf8")).toBe("kept\n");
  await writeFile(join(host.folder, "home/from-host"), "seen\n");
  expect(await sh("cat /home/from-host")).toBe("seen\n");
}, 900_000);
