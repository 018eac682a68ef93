import { chmod, chown, lchown, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { demandOwnPlace } from "../../../core/host/own-place.ts";
import { scratch } from "../../support/scratch.ts";

const root = await scratch("own-place");
const foreign = { code: "E_FOLDER_FOREIGN" };
const SOMEBODY = 4_000;

async function folder(name: string): Promise<string> {
  const path = join(root, name);
  await mkdir(path, { recursive: true });
  return path;
}

it("takes what this user or root alone can change, and what lies in a sticky folder", async () => {
  const sticky = await folder("sticky");
  await chmod(sticky, 0o1777);
  const inside = await folder("sticky/own/deep");
  await symlink(inside, join(root, "link"));
  await expect(demandOwnPlace(inside)).resolves.toBeUndefined();
  await expect(demandOwnPlace(join(root, "link"))).resolves.toBeUndefined();
});

it("refuses a folder that others may write to, wherever above", async () => {
  await chmod(await folder("open"), 0o777);
  await expect(demandOwnPlace(await folder("open/own/deep"))).rejects.toMatchObject(foreign);
  await symlink(join(root, "open/own"), join(root, "astray"));
  await expect(demandOwnPlace(join(root, "astray"))).rejects.toMatchObject(foreign);
});

it.skipIf(process.getuid?.() !== 0)("refuses what another user has laid there: a folder, a link", async () => {
  const theirs = await folder("theirs");
  const inside = await folder("theirs/guestkit/m-0");
  await chown(theirs, SOMEBODY, SOMEBODY);
  await expect(demandOwnPlace(inside)).rejects.toMatchObject(foreign);
  const target = await folder("target");
  await symlink(target, join(root, "their-link"));
  await lchown(join(root, "their-link"), SOMEBODY, SOMEBODY);
  await expect(demandOwnPlace(join(root, "their-link"))).rejects.toMatchObject(foreign);
});
