import { chmod, chown, copyFile, lstat, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import type { ShareKind } from "../../../core/machine/machine.ts";
import { findEngine } from "../../support/engines.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { ordinaryUser } from "../../support/ordinary-user.ts";
import { scratch } from "../../support/scratch.ts";
import { shareMatrix } from "../../support/share-matrix.ts";

const PROGRAM = join(import.meta.dirname, "../../support/shares-program.ts");

/** Owner and mode on the host. */
async function hostSide(path: string): Promise<string> {
  const { uid, mode } = await lstat(path);
  return `${uid} ${(mode & 0o777).toString(8)}`;
}

it("shares folders as an ordinary user, with the owners that are declared", async () => {
  const [guest, virtiofsd] = [await microGuest(), findEngine("virtiofsd")];
  await using user = await ordinaryUser();
  const [kernel, initrd, folder] = ["kernel", "initrd", "folder"].map((name) => join(user.home, name)) as [
    string,
    string,
    string,
  ];
  await copyFile(guest.kernel, kernel);
  await copyFile(guest.initrd, initrd);
  for (const file of [kernel, initrd]) await chmod(file, 0o644);
  await mkdir(folder);
  await chown(folder, user.uid, user.gid);
  const served = virtiofsd === null ? [] : [await lend(virtiofsd, user.home)];

  const { code, stdout, stderr } = await user.run(PROGRAM, [kernel, initrd, guest.cmdline, folder, ...served]);
  expect([code, stderr]).toEqual([0, ""]);
  const own = String(user.uid);
  const plan9 = {
    plain: `root 0, nobody 0, ${own} ${own}`,
    mapped: "root 0, nobody 0, 0 65534",
    still: expect.stringMatching(/^root [12], nobody [12],/),
  };
  const virtiofs = {
    served: `root 0, nobody 0, ${own} ${own}`,
    ids: "root 0, nobody 0, 0 65534",
    fixed: expect.stringMatching(/^root [12], nobody [12],/),
  };
  expect(JSON.parse(stdout)).toEqual(virtiofsd === null ? plan9 : { ...plan9, ...virtiofs });
  // On the host they are the user's, or one of the ids that it may hand out.
  expect(await hostSide(join(folder, "plain/open/nobody"))).toBe(`${own} 644`);
  expect(await hostSide(join(folder, "mapped/open/nobody"))).toBe(`${own} 600`);
  if (virtiofsd === null) return;
  expect(await hostSide(join(folder, "served/open/nobody"))).toBe(`${own} 644`);
  expect((await lstat(join(folder, "ids/open/nobody"))).uid).toBeGreaterThan(65_534);
}, 600_000);

it("keeps files of odd names equal on both sides, and the guest inside", async () => {
  const [{ kernel, initrd, cmdline }, virtiofsd] = [await microGuest(), findEngine("virtiofsd")];
  if (virtiofsd !== null) process.env.PATH = `${process.env.PATH}:${dirname(virtiofsd)}`;
  const kinds: ShareKind[] = ["9p", ...(virtiofsd === null ? [] : (["virtiofs"] as const)), "sshfs"];
  const folder = await scratch("shares");
  const found = await shareMatrix({ kernel, initrd, cmdline, folder, kinds, count: 32, largest: 1 << 20 });
  for (const [kind, { said, owner: _, ...verdict }] of Object.entries(found)) {
    expect({ kind, ...verdict }, said).toEqual({ kind, seen: true, differ: [], escaped: "", wrote: false });
  }
}, 600_000);

/** Where an ordinary user finds it. */
async function lend(program: string, home: string): Promise<string> {
  const copy = join(home, "virtiofsd");
  await copyFile(program, copy);
  await chmod(copy, 0o755);
  process.env.PATH = `${process.env.PATH}:${home}`;
  return "virtiofs";
}
