import { describe, expect, it } from "vitest";
import type { DeviceNode } from "../../../core/disk/node.ts";
import { findRoots } from "../../../core/inspect/roots.ts";
import { Budget } from "../../../core/kit/budget.ts";
import { deviceNode } from "../../support/device-node.ts";
import { type Content, MemoryFileSystem } from "../../support/memory-filesystem.ts";

const DEPLOY = "/ostree/deploy/os/deploy";
const system = (name: string, more: Record<string, Content> = {}) =>
  Object.fromEntries(
    Object.entries({
      "/etc/hostname": name,
      "/etc/os-release": "ID=x\n",
      "/usr/bin/x": "",
      "/var/": "",
      "/boot/": "",
      ...more,
    }).map(([path, content]) => [`${DEPLOY}/${name}${path}`, content] as const),
  );
const link = (name: string) => ({ link: `../../../deploy/os/deploy/${name}` });
const entry = (path: string) => ({
  "/boot/loader/entries/ostree-1-os.conf": `linux /vmlinuz\noptions quiet ostree=${path}\n`,
});
const ENTRY = entry("/ostree/boot.1/os/abc/0");

const node = (number: number, files: Record<string, Content>): DeviceNode =>
  deviceNode({
    kind: "partition",
    device: `/dev/sda${number}`,
    on: ["/dev/sda"],
    type: "ext4",
    fs: new MemoryFileSystem(files),
  });

async function hostOf(nodes: readonly DeviceNode[]) {
  const { roots } = await findRoots(nodes, new Budget());
  return Promise.all(
    roots.map(async ({ device, tree, mounts, warnings }) => ({
      ...{ device, host: await tree.readText("/etc/hostname"), warnings },
      mounts: mounts.map(({ target, device }) => `${target} ${device}`),
      tree,
    })),
  );
}

describe("deployments", () => {
  const both = { ...system("a.0"), ...system("b.0"), "/ostree/deploy/os/var/lib/x": "kept" };

  it("are told by the boot loader's entry, with what is mounted over them", async () => {
    const files = {
      ...both,
      ...ENTRY,
      "/ostree/boot.1": { link: "boot.1.1" },
      "/ostree/boot.1.1/os/abc/0": link("a.0"),
    };
    const [found, ...others] = await hostOf([node(1, files)]);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      host: "a.0",
      warnings: [],
      mounts: ["/ /dev/sda1", "/var /dev/sda1", "/boot /dev/sda1"],
    });
    expect(await found?.tree.readText("/var/lib/x")).toBe("kept");
  });

  it("go before what lay on the file system, where an entry starts one", async () => {
    const before = { "/etc/hostname": "old", "/etc/os-release": "ID=old\n", "/usr/bin/x": "" };
    const files = { ...both, ...before, "/ostree/boot.1/os/abc/0": link("b.0") };
    expect((await hostOf([node(1, { ...files, ...ENTRY })])).map(({ host }) => host)).toEqual(["b.0"]);
    expect((await hostOf([node(1, files)])).map(({ host }) => host)).toEqual(["old"]);
  });

  it("have what their own fstab mounts instead of what OSTree does", async () => {
    const files = {
      ...system("a.0", { "/etc/fstab": "/dev/sda2 /var ext4 defaults\n" }),
      "/ostree/deploy/os/var/x": "",
    };
    const [found] = await hostOf([
      node(1, { ...files, ...ENTRY, "/ostree/boot.1/os/abc/0": link("a.0") }),
      node(2, { "/y": "" }),
    ]);
    expect(found?.mounts).toEqual(["/ /dev/sda1", "/boot /dev/sda1", "/var /dev/sda2"]);
  });

  it.each<[string, Record<string, Content>]>([
    ["leads nowhere", entry("/ostree/boot.0/os/abc/0")],
    ["leads round and round", { ...ENTRY, "/ostree/boot.1/os/abc/0": { link: "../abc/0" } }],
    [
      "leads to a file",
      { ...ENTRY, "/ostree/boot.1/os/abc/0": { link: "../../../deploy/os/deploy/f.0" }, [`${DEPLOY}/f.0`]: "" },
    ],
    ["leads to what is no deployment", { ...ENTRY, "/ostree/boot.1/os/abc/0": { link: "/usr" }, "/usr/x": "" }],
  ])("are guessed, and the guess is told, where the entry %s", async (_, more) => {
    const [found] = await hostOf([node(1, { ...both, ...more })]);
    expect(found?.warnings).toEqual([
      expect.stringContaining("no boot loader's entry tells which of its 2 deployments"),
    ]);
  });

  it("do not let their links out", async () => {
    const files = {
      ...system("a.0", { "/etc/out": { link: "../../../../../../secret" } }),
      "/secret": "s",
      "/ostree/boot.1/os/abc/0": link("a.0"),
    };
    const [found] = await hostOf([node(1, { ...files, ...ENTRY })]);
    expect(await found?.tree.readText("/etc/out")).toBeNull();
  });

  it("that hold no system are none", async () => {
    expect(await hostOf([node(1, { [`${DEPLOY}/a.0/`]: "", "/ostree/deploy/os/var/x": "" })])).toEqual([]);
  });
});
