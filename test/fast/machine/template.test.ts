import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { effectiveMachine, type FindMachine } from "../../../core/machine/disks/effective.ts";
import type { Machine } from "../../../core/machine/machine.ts";
import { UNKNOWN } from "../../../core/model/value.ts";
import { contextIn, diskOf, machineOf } from "../../support/machine.ts";
import { scratch } from "../../support/scratch.ts";

const { settings } = contextIn(join(await scratch("template"), "host"));

const among =
  (...machines: readonly Machine[]): FindMachine =>
  async (name) =>
    machines.find((each) => each.name === name) ?? null;
const disks = async (machine: Machine, ...others: readonly Machine[]) =>
  (await effectiveMachine(machine, settings, among(...others))).disks;
const thrown = (machine: Machine, ...others: readonly Machine[]) =>
  disks(machine, ...others).then(
    () => null,
    ({ code, message }: { code: string; message: string }) => ({ code, message }),
  );

const debian = machineOf({
  name: "debian",
  firmware: "uefi",
  machine: "pc",
  disks: {
    root: diskOf("/root.qcow2", { bus: "ide", overlay: true, size: 8 << 20 }),
    data: diskOf("/data.img", { serial: "d" }),
    tools: diskOf("/tools.img", { read_only: true }),
  },
});

describe("an effective machine", () => {
  it("has copies of its template's written disks, made anew at every start, and its firmware", async () => {
    const work = machineOf({ name: "work", template_vm: "debian", disks: { mine: diskOf("/mine.img") } });
    const { firmware, disks: all } = await effectiveMachine(work, settings, among(debian));
    expect(firmware).toBe("uefi");
    expect(all).toEqual({
      // q35 has no IDE; before the template's first start its image is what there is.
      root: { ...debian.disks.root, bus: "sata", overlay: true, own: "fresh", from: "debian" },
      data: { ...debian.disks.data, overlay: true, own: "fresh", from: "debian" },
      mine: diskOf("/mine.img"),
    });
  });

  it("keeps them where that is wanted, and copies whole", async () => {
    const work = machineOf({ name: "work", base: "/base.qcow2", recreate_overlay: "never", backing_file: false });
    expect(await disks(work)).toEqual({ root: { ...diskOf("/base.qcow2", { overlay: true }), whole: true } });
  });

  it("makes its own overlays anew as well, and leaves every disk alone in snapshot_mode", async () => {
    const own = { root: diskOf("/root.qcow2", { overlay: true }), data: diskOf("/data.img") };
    const anew = machineOf({ name: "a", recreate_overlay: "always", disks: own });
    expect(await disks(anew)).toEqual({ root: { ...own.root, own: "fresh" }, data: own.data });
    const snapshot = machineOf({
      name: "a",
      snapshot_mode: true,
      disks: { ...own, tools: debian.disks.tools as never },
    });
    expect(await disks(snapshot)).toEqual({
      root: { ...own.root, own: "above" },
      data: { ...own.data, overlay: true, own: "fresh" },
      tools: debian.disks.tools,
    });
  });

  it("may have a template that has one", async () => {
    const middle = machineOf({ name: "middle", template_vm: "debian" });
    const work = machineOf({ name: "work", template_vm: "middle" });
    expect(Object.keys(await disks(work, middle, debian))).toEqual(["root", "data"]);
  });

  it("is none where the template is nobody, a circle, without disks, or in the way", async () => {
    const from = (name: string, template_vm: string, more: Partial<Machine> = {}) =>
      machineOf({ name, template_vm, ...more });
    expect(await thrown(from("work", "none"))).toMatchObject({ code: "E_TEMPLATE_UNKNOWN" });
    expect(await thrown(from("a", "b"), from("b", "c"), from("c", "b"))).toMatchObject({
      code: "E_TEMPLATE_CIRCLE",
      message: expect.stringContaining('"b" starts from "c" starts from "b"'),
    });
    expect(await thrown(from("work", "bare"), machineOf({ name: "bare" }))).toMatchObject({ code: "E_TEMPLATE_DISKS" });
    const own = { disks: { root: diskOf("/mine.img") } };
    expect(await thrown(from("work", "debian", own), debian)).toMatchObject({ code: "E_TEMPLATE_DISK_TAKEN" });
  });

  it("leaves open what is not known yet", async () => {
    const unknown = UNKNOWN as never;
    const work = machineOf({ name: "work", template_vm: unknown, firmware: unknown });
    expect(await disks(work)).toEqual({});
    expect(await disks(machineOf({ name: "work", base: unknown }))).toMatchObject({ root: { image: UNKNOWN } });
    expect(await disks(machineOf({ name: "work", base: "/base", disks: unknown }))).toBe(UNKNOWN);
    const own = { root: diskOf("/mine.img") };
    expect(await disks(machineOf({ name: "work", base: unknown, disks: own }))).toEqual(own);
  });
});
