/** VHD images that no tool of Debian's makes: built by a writer of the tests', from the specification. */
import { describe, expect, it } from "vitest";
import { data, expectContent, MIB, mixed, ONE, plan, THREE, TWO } from "../../support/made-images/expect.ts";
import { openMade } from "../../support/made-images/host.ts";
import { contentOf, guestBlock } from "../../support/made-images/plan.ts";
import { makeFixedVhd, makeVhd, mendVhd, type VhdPlan } from "../../support/made-images/vhd.ts";

describe("VHD, differencing", () => {
  const base: VhdPlan = {
    ...plan(9 * MIB + 512, 2 * MIB, { 0: data(1), 1: data(2), 3: data(3), 4: data(4) }),
    id: ONE,
  };
  const blocks = {
    0: mixed(5, (sector) => sector % 3 === 0),
    2: data(6),
    3: mixed(7, (sector) => sector > 4000),
    4: mixed(8, (sector) => sector < 1),
  };
  const child = (locators: Readonly<Record<string, string>>, more: Partial<VhdPlan> = {}): VhdPlan => ({
    ...plan(base.size, 2 * MIB, blocks),
    id: TWO,
    parent: { id: ONE, name: "base.vhd", locators },
    ...more,
  });

  it.each([
    ["a relative name", { W2ru: ".\\base.vhd" }, "base.vhd"],
    [
      "a relative name of another folder",
      { W2ru: "..\\other\\base.vhd", W2ku: "C:\\VMs\\other\\base.vhd" },
      "../other/base.vhd",
    ],
    ["an absolute name of Windows", { W2ku: "C:\\VMs\\base.vhd" }, "base.vhd"],
    ["an absolute name of Unix", { W2ku: "/vms/base.vhd" }, "/vms/base.vhd"],
    ["a file: URL", { MacX: "file://localhost/vms/the%20base.vhd" }, "/vms/the base.vhd"],
    ["a share's name", { W2ku: "\\\\server\\share\\base.vhd" }, "base.vhd"],
    ["its bare name alone", {}, "base.vhd"],
  ])("finds its parent by %s", async (_what, locators, path) => {
    const top = child(locators);
    await using image = await openMade({ "top.vhd": makeVhd(top), [path]: makeVhd(base) }, "top.vhd");
    expect(image.backing?.image.name).toBe(path);
    expect(image.files).toEqual(["top.vhd", path]);
    expect(image.details).toMatchObject({ type: "differencing", uuid: TWO, parent_uuid: ONE });
    await expectContent(image, [top, base]);
  });

  it("reads through a chain of three, the lowest fixed", async () => {
    const middle = child({ W2ru: "base.vhd" });
    const top: VhdPlan = {
      ...plan(base.size, MIB, { 0: mixed(9, (at) => at % 2 === 1), 8: data(10) }),
      id: THREE,
      parent: { id: TWO, name: "middle.vhd", locators: {} },
    };
    const content = new Uint8Array(base.size);
    for (let block = 0; block < 5; block++)
      content.set(guestBlock(base, block, new Uint8Array(base.blockSize)), block * base.blockSize);
    const files = { "top.vhd": makeVhd(top), "middle.vhd": makeVhd(middle), "base.vhd": makeFixedVhd(content, ONE) };
    await using image = await openMade(files, "top.vhd");
    expect(image.files).toHaveLength(3);
    const under = await (await openMade(files, "middle.vhd")).read(0, base.size);
    const wanted = (block: number) => guestBlock(top, block, under.subarray(block * MIB, (block + 1) * MIB));
    for (const block of [0, 1, 8, 9]) {
      expect(Buffer.compare(await image.read(block * MIB, wanted(block).length), wanted(block)), `block ${block}`).toBe(
        0,
      );
    }
  });

  it.each([
    ["longer", 12 * MIB],
    ["shorter", 5 * MIB],
  ])("reads over a parent that is %s", async (_what, size) => {
    const other = {
      ...base,
      size,
      blocks: new Map([...base.blocks].filter(([block]) => block * base.blockSize < size)),
    };
    const top = child({ W2ru: "base.vhd" });
    await using image = await openMade({ "top.vhd": makeVhd(top), "base.vhd": makeVhd(other) }, "top.vhd");
    expect(image.size).toBe(top.size);
    await expectContent(image, [top, other]);
  });

  it("tries a name of Windows beside it where the relative one leads to another image, and refuses what is not its parent", async () => {
    const top = makeVhd(child({ W2ru: ".\\old\\base.vhd", W2ku: "D:\\base.vhd" }));
    const wrong = makeVhd({ ...base, id: THREE });
    await using image = await openMade({ "top.vhd": top, "old/base.vhd": wrong, "base.vhd": makeVhd(base) }, "top.vhd");
    expect(image.backing?.image.name).toBe("base.vhd");
    const refused = { code: "E_IMAGE_PARENT", message: expect.stringContaining(THREE) };
    await expect(openMade({ "top.vhd": top, "old/base.vhd": wrong }, "top.vhd")).rejects.toMatchObject(refused);
    const raw = openMade({ "top.vhd": top, "base.vhd": new Uint8Array(MIB) }, "top.vhd");
    await expect(raw).rejects.toMatchObject({ code: "E_IMAGE_PARENT", message: expect.stringContaining("it is raw") });
    const missing = openMade({ "top.vhd": top }, "top.vhd");
    await expect(missing).rejects.toMatchObject({ code: "E_IMAGE_BACKING" });
  });

  it("sees loops, and names that no file has", async () => {
    const loop = { ...base, id: TWO, parent: { id: TWO, name: "a.vhd", locators: {} } };
    await expect(openMade({ "a.vhd": makeVhd(loop) }, "a.vhd")).rejects.toMatchObject({ code: "E_IMAGE_CYCLE" });
    const lines = child({ W2ru: "base.vhd\nCannot open: all is lost" });
    await expect(openMade({ "top.vhd": makeVhd(lines) }, "top.vhd")).rejects.toMatchObject({
      code: "E_IMAGE_REFERENCE",
    });
  });
});

describe("VHD, footers", () => {
  const base: VhdPlan = { ...plan(4 * MIB, 2 * MIB, { 1: data(1) }), id: ONE };

  it("goes by the copy at the start, by the end where that is damaged, and by none that is no sound one", async () => {
    const whole = makeVhd(base);
    const spoilt = (...at: readonly number[]) => {
      const bytes = whole.slice();
      for (const each of at) bytes[each] = (bytes[each] ?? 0) ^ 1;
      return bytes;
    };
    const end = whole.length - 512;
    for (const [bytes, told] of [
      [whole, []],
      [spoilt(70), [expect.stringContaining("copy at the start is damaged")]],
      [spoilt(end + 70), [expect.stringContaining("at the end is not that of the start")]],
      [whole.subarray(0, end), [expect.stringContaining("at the end is not that of the start")]],
    ] as const) {
      await using image = await openMade({ "a.vhd": bytes }, "a.vhd");
      expect(image.warnings).toEqual(told);
      await expectContent(image, [base]);
    }
    const both = openMade({ "a.vhd": spoilt(70, end + 70) }, "a.vhd");
    await expect(both).rejects.toMatchObject({ code: "E_VHD_FOOTER" });
  });

  it("takes the size that QEMU takes by the creator, and tells what that hides", async () => {
    const content = contentOf(1, 2 * MIB);
    for (const creator of ["win ", "qem2", "d2v ", "tap\0", "CTXS"]) {
      await using image = await openMade({ a: makeFixedVhd(content, ONE, creator) }, "a");
      expect([image.size, image.warnings]).toEqual([content.length, []]);
    }
    for (const creator of ["vbox", "vpc ", "vs  ", "qemu", "wa\0\0"]) {
      await using image = await openMade({ a: makeFixedVhd(content, ONE, creator) }, "a");
      expect(image.size).toBe(Math.floor(content.length / 512 / 68) * 68 * 512);
      expect(image.warnings).toEqual([expect.stringContaining("bytes are not shown")]);
    }
  });

  it("follows no footer of another type than fixed that stands at the end alone", async () => {
    const opened: string[] = [];
    const bytes = makeFixedVhd(new Uint8Array(MIB), ONE);
    const footer = bytes.subarray(MIB);
    for (const type of [3, 4, 6]) {
      new DataView(bytes.buffer).setUint32(MIB + 60, type);
      mendVhd(footer, 64);
      await expect(openMade({ a: bytes }, "a", opened)).rejects.toMatchObject({ code: "E_VHD_TYPE" });
    }
    expect(opened).toEqual([]);
  });
});
