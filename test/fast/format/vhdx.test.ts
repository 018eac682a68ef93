/** VHDX images that no tool of Debian's makes: built by a writer of the tests', from the specification. */
import { describe, expect, it } from "vitest";
import { data, expectContent, MIB, mixed, ONE, plan, THREE, TWO } from "../../support/made-images/expect.ts";
import { openMade } from "../../support/made-images/host.ts";
import { makeVhdx, type VhdxPlan } from "../../support/made-images/vhdx.ts";

describe("VHDX, differencing", () => {
  const base: VhdxPlan = {
    ...plan(6 * MIB, MIB, { 0: data(1), 1: data(2), 3: data(3), 5: data(4) }),
    id: ONE,
    dataWriteGuid: ONE,
  };
  const link = (guid: string) => ({ parent_linkage: `{${guid.toUpperCase()}}` });
  const blocks = {
    0: mixed(5, (sector) => sector % 5 < 2),
    1: { kind: "zero" } as const,
    2: data(6),
    3: mixed(7, (at) => at >= 1000),
    4: mixed(8, (at) => at < 9),
  };
  const child: VhdxPlan = {
    ...plan(6 * MIB, MIB, blocks),
    id: TWO,
    dataWriteGuid: TWO,
    parent: { ...link(ONE), relative_path: ".\\base.vhdx" },
  };

  it("reads sectors where its bitmaps say", async () => {
    await using image = await openMade({ "top.vhdx": makeVhdx(child), "base.vhdx": makeVhdx(base) }, "top.vhdx");
    expect(image.files).toEqual(["top.vhdx", "base.vhdx"]);
    expect(image.backing).toMatchObject({ name: ".\\base.vhdx", format: "vhdx" });
    await expectContent(image, [child, base]);
  });

  it.each([
    ["sectors of 512 bytes, blocks of 1 MiB", 512, MIB, 4096],
    ["sectors of 4096 bytes, blocks of 2 MiB", 4096, 2 * MIB, 16384],
  ])("finds bitmaps of the second chunk: %s", async (_what, sectorSize, blockSize, ratio) => {
    const size = (ratio + 3) * blockSize;
    const under = { 0: data(1), [ratio]: data(2), [ratio + 1]: data(3) };
    const over = { 0: mixed(4, (at) => at % 7 === 0), [ratio]: mixed(5, (at) => at % 2 === 0), [ratio + 2]: data(6) };
    const parent: VhdxPlan = { ...plan(size, blockSize, under, sectorSize), id: ONE, dataWriteGuid: ONE };
    const top: VhdxPlan = {
      ...plan(size, blockSize, over, sectorSize),
      id: TWO,
      dataWriteGuid: TWO,
      parent: { ...link(ONE), absolute_win32_path: "C:\\base.vhdx" },
    };
    await using image = await openMade({ "top.vhdx": makeVhdx(top), "base.vhdx": makeVhdx(parent) }, "top.vhdx");
    await expectContent(image, [top, parent]);
  });

  it("knows its parent by the state of its data", async () => {
    const changed = makeVhdx({ ...base, dataWriteGuid: THREE });
    const refused = openMade({ "top.vhdx": makeVhdx(child), "base.vhdx": changed }, "top.vhdx");
    await expect(refused).rejects.toMatchObject({ code: "E_IMAGE_PARENT", message: expect.stringContaining(THREE) });
    const second = makeVhdx({ ...child, parent: { ...child.parent, parent_linkage2: `{${THREE}}` } });
    await using image = await openMade({ "top.vhdx": second, "base.vhdx": changed }, "top.vhdx");
    await expectContent(image, [child, base]);
    const mute = makeVhdx({ ...child, parent: { relative_path: "base.vhdx" } });
    await expect(openMade({ "top.vhdx": mute }, "top.vhdx")).rejects.toMatchObject({ code: "E_VHDX_LOCATOR" });
  });
});
