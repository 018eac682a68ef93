import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { microMachine, PATIENCE } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";

/** Disks whose tables count in sectors of 4096 bytes, and tables that Linux does not believe. */
const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const at = (name: string) => join(host.folder, name);
const MIB = 2 ** 20;

/** Two partitions; sfdisk learns about other sectors than the device's own in 2.39, fdisk loads the same script. */
async function makeDisk(name: string, sectorSize: number): Promise<void> {
  await writeFile(at(name), "");
  await truncate(at(name), 16 * MIB);
  await writeFile(at("script"), "label: gpt\nsize=4MiB\nsize=2MiB\n");
  const script = `printf 'I\n%s\nw\n' "$1" | fdisk -b ${sectorSize} "$0" >/dev/null`;
  await run("sh", ["-c", script, at(name), at("script")]);
}

const BUSES = ["virtio", "scsi", "nvme"];
const disk = (image: string, more: object = {}) => ({ image, format: "raw", ...more });

beforeAll(async () => {
  for (const bus of BUSES) await makeDisk(`${bus}.img`, 4096);
  await makeDisk("plain.img", 4096);
  await makeDisk("hurt.img", 512);
  await run("dd", [
    "if=/dev/zero",
    `of=${at("hurt.img")}`,
    "bs=512",
    "seek=1",
    "count=1",
    "conv=notrunc",
    "status=none",
  ]);
});

it("is told before the boot where a table does not fit its disk, and the field mends it", async () => {
  const machine = (more: object, running = false) => ({
    web: { memory: "64M", running, disks: { root: disk("plain.img", more) } },
  });
  const said = async () => {
    const { exitCode, stdout, stderr } = await host.run(["apply", "--auto-approve"]);
    return [exitCode, stdout + stderr] as const;
  };
  await host.declare(machine({}, true));
  const mismatch = /counts in sectors of 4096 bytes, and disk root has 512/;
  expect(await said()).toEqual([1, expect.stringMatching(mismatch)]);
  const found = await host.text(["vm", "check", "--image", "plain.img", "--json"], 2);
  expect(found).toContain("P_SECTOR_SIZE");
  const checked = await host.run(["vm", "check", "--image", "plain.img", "--sector-size", "4096", "--json"]);
  expect(checked.stdout.toString()).not.toContain("P_SECTOR_SIZE");
  for (const [more, says] of [
    [{ sector_size: 4096, bus: "sata" }, /sata disks have sectors of 512 bytes alone/],
    [{ sector_size: 1024 }, /no disk has sectors of 1024 bytes/],
  ] as const) {
    await host.declare(machine(more));
    expect(await said()).toEqual([1, expect.stringMatching(says)]);
  }
  await host.apply(machine({ sector_size: 4096 }));
  expect(await host.plan()).toEqual({});
  // Silence and the default are one thing, anything else is a change that is seen.
  await host.declare({ web: { ...machine({}).web, preflight: "off" } });
  const { changes } = await host.json<{ changes: { reasons: { path: string; before: unknown; after: unknown }[] }[] }>([
    "plan",
  ]);
  const reason = changes[0]?.reasons.find(({ path }) => path === "disks.root.sector_size");
  expect(reason).toMatchObject({ before: 4096, after: 512 });
  await host.apply({});
}, 120_000);

it(
  "gives the guest sectors of 4096 bytes on every bus that has such disks, and it sees the partitions",
  async () => {
    const disks = {
      ...Object.fromEntries(BUSES.map((bus) => [bus, disk(`${bus}.img`, { bus, sector_size: 4096 })])),
      plain: disk("plain.img"),
      hurt: disk("hurt.img"),
    };
    const verdicts = { preflight_rules: { P_SECTOR_SIZE: "off", P_TABLE_DAMAGED: "off" } };
    await host.apply({ micro: await microMachine("", { disks, ...verdicts }) });
    // Which disk is which, by its serial number: nvme and scsi have it elsewhere than virtio.
    const script = [
      "cd /sys/block",
      "for d in vd* sd* nvme*; do",
      "  [ -e $d/size ] || continue",
      "  echo $d $(cat $d/queue/logical_block_size $d/queue/physical_block_size) $(ls -d $d/$d* 2>/dev/null | wc -l) $(cat $d/serial 2>/dev/null)",
      "done",
    ].join("\n");
    const lines = (await host.text(["vm", "exec", "--via", "agent", "micro", "--", "sh", "-c", script]))
      .trim()
      .split("\n");
    const seen = lines.map((line) => line.split(" ").slice(1).join(" "));
    expect(seen.toSorted()).toEqual(
      ["4096 4096 2", "4096 4096 2", "4096 4096 2 virtio", "512 512 0 hurt", "512 512 0 plain"].toSorted(),
    );
    await host.apply({});
  },
  PATIENCE * 1000 + 120_000,
);
