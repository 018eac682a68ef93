/** VDI images that no tool of Debian's makes: built by a writer of the tests', from VirtualBox's header file. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Image, openImage } from "../../../core/format/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { data, expectContent, MIB, ONE, plan, THREE, TWO } from "../../support/made-images/expect.ts";
import { openMade } from "../../support/made-images/host.ts";
import { makeVdi, type VdiPlan } from "../../support/made-images/vdi.ts";
import { scratch } from "../../support/scratch.ts";

const FOUR = "40000000-1111-4222-8333-444455556664";
const base: VdiPlan = {
  ...plan(4 * MIB, MIB, { 0: data(1), 1: data(2), 3: { kind: "zero" } }),
  id: ONE,
  modification: TWO,
};
const child: VdiPlan = {
  ...plan(4 * MIB, MIB, { 1: { kind: "zero" }, 2: data(3) }),
  ...{ id: THREE, modification: FOUR, parent: { id: ONE, modification: TWO } },
};

async function openIn(files: Readonly<Record<string, Uint8Array>>, name: string): Promise<Image> {
  const dir = await scratch("vdi");
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), bytes);
  }
  return openImage(await openFileSource(join(dir, name)), nodeHost);
}

const lastOf = (path: string) => path.split("/").slice(-2).join("/");

describe("VDI, differencing", () => {
  it("finds its parent by its id among what lies beside it", async () => {
    const files = {
      "a.vdi": new Uint8Array(0),
      "b.vdi": makeVdi({ ...base, id: TWO }),
      "z.VDI": makeVdi(base),
      "top.vdi": makeVdi(child),
    };
    await using image = await openIn(files, "top.vdi");
    expect(image.files.map((file) => file.split("/").at(-1))).toEqual(["top.vdi", "z.VDI"]);
    expect(image.details).toMatchObject({ type: "differencing", parent_uuid: ONE });
    await expectContent(image, [child, base]);
  });

  it("finds it above a folder of snapshots, as VirtualBox lays them", async () => {
    const top: VdiPlan = {
      ...plan(4 * MIB, MIB, { 0: data(7) }),
      id: FOUR,
      modification: ONE,
      parent: { id: THREE, modification: FOUR },
    };
    const files = {
      "vm/vm.vdi": makeVdi(base),
      [`vm/Snapshots/{${THREE}}.vdi`]: makeVdi(child),
      "vm/Snapshots/top.vdi": makeVdi(top),
    };
    await using image = await openIn(files, "vm/Snapshots/top.vdi");
    expect(image.files.map(lastOf)).toEqual(["Snapshots/top.vdi", `Snapshots/{${THREE}}.vdi`, "vm/vm.vdi"]);
    await expectContent(image, [top, child, base]);
  });

  it("takes of two with one id the one that was not changed since, and refuses a changed one", async () => {
    const changed = makeVdi({ ...base, modification: FOUR });
    const files = { "a.vdi": changed, "top.vdi": makeVdi(child) };
    const message = expect.stringContaining("it was modified");
    await expect(openIn(files, "top.vdi")).rejects.toMatchObject({ code: "E_IMAGE_PARENT", message });
    await using image = await openIn({ ...files, "z.vdi": makeVdi(base) }, "top.vdi");
    expect(image.backing?.name).toBe(ONE);
    await expectContent(image, [child, base]);
  });

  it("refuses an image without its parent, or that is its own", async () => {
    const missing = openIn({ "top.vdi": makeVdi(child) }, "top.vdi");
    await expect(missing).rejects.toMatchObject({ code: "E_IMAGE_BACKING", message: expect.stringContaining(ONE) });
    const nowhere = openMade({ "top.vdi": makeVdi(child) }, "top.vdi");
    await expect(nowhere).rejects.toMatchObject({ code: "E_IMAGE_BACKING" });
    const own = makeVdi({ ...child, id: ONE, modification: TWO });
    await expect(openIn({ "top.vdi": own }, "top.vdi")).rejects.toMatchObject({ code: "E_IMAGE_CYCLE" });
  });
});
