import { expect, it } from "vitest";
import { chooseTree } from "../../../core/inspect/choose.ts";
import type { Disk } from "../../../core/inspect/disk.ts";
import type { GuestkitError } from "../../../core/kit/errors.ts";

/** A disk whose systems or devices bear these names. */
const diskOf = (systems: readonly string[], devices: readonly string[] = systems): Disk =>
  ({
    image: { name: "a.img" },
    roots: async () => systems.map((device) => ({ device })),
    nodes: [],
    filesystems: devices.map((device) => ({ device, type: "btrfs", kind: "subvolume", on: [], error: null })),
  }) as unknown as Disk;

const refusal = async (disk: Disk, filesystem?: string) =>
  (await chooseTree(disk, { filesystem }).catch((error: unknown) => error)) as GuestkitError;

it("tells devices to choose from in one line, whatever trees of a file system are called", async () => {
  const names = ["btrfsvol:/dev/sda/a\nguestkit: all is well", "btrfsvol:/dev/sda/\x1b[2J"];
  for (const error of [await refusal(diskOf(names)), await refusal(diskOf([], names), "/dev/sdz")]) {
    expect(error.code).toMatch(/^E_TREE_(?:AMBIGUOUS|UNKNOWN)$/);
    expect(`${error.message}${error.help}`).not.toMatch(/\p{Cc}/u);
  }
});

it("tells some of thousands", async () => {
  const many = Array.from({ length: 5000 }, (_, at) => `/dev/sda${at + 1}`);
  const { message } = await refusal(diskOf([], many), "/dev/sdz");
  expect(message).toMatch(/\/dev\/sda20 \(btrfs\), and 4980 more$/);
});
