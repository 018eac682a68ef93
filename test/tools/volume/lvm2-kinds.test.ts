import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { type ByteSource, stream } from "../../../core/source/source.ts";
import { type OpenedStack, openStack } from "../../support/open-stack.ts";
import { share } from "../../support/slow.ts";
import { type StackImages, stackImages } from "../../support/stack-images/index.ts";

const GROUP = "/dev/many-kinds/";
/** What is refused, whichever disks are there. */
const REFUSED = new Map([["cached-dirty", "E_LVM2_CACHE"]]);

async function sha256(source: ByteSource): Promise<string> {
  const hash = createHash("sha256");
  // Neither stripes nor chunks end where these do.
  for await (const piece of stream(source, { chunk: 300_001 })) hash.update(piece);
  return hash.digest("hex");
}

/** Where the image that fell behind is alone, nothing tells that it did. */
const UNKNOWABLE = ["raid1-stale"];

function lies(found: ReadonlyMap<string, string>): string[] {
  return [...found].flatMap(([name, verdict]) => (verdict === "differs" ? [name] : []));
}

/** Of each volume whether it reads as the kernel read it, or the error's code. */
async function verdicts(stack: OpenedStack, sums: StackImages["sums"]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { device, source, error } of stack.devices) {
    const name = device.slice(GROUP.length);
    const isSame = source && (await sha256(source)) === sums.get(name);
    found.set(name, isSame ? "same" : (error?.code ?? "differs"));
  }
  return found;
}

describe("volumes of every kind, as the kernel reads them", () => {
  let images: StackImages;
  beforeAll(async () => {
    images = await stackImages("lvm");
  });
  const paths = (without: readonly string[] = []) =>
    Object.entries(images.disks).flatMap(([name, path]) => (without.includes(name) ? [] : [path]));

  it("linear, striped, mirrors, each RAID layout, snapshots, thin, a cache that is written through", async () => {
    await using stack = await openStack(paths());
    const found = await verdicts(stack, images.sums);
    const expected = [...images.sums.keys()].map((name) => [name, REFUSED.get(name) ?? "same"] as const);
    expect([...found].toSorted()).toEqual(expected.toSorted());
    const { report } = JSON.parse(images.told.told ?? "");
    const shown = report[0].lv.filter(({ lv_path }: Record<string, string>) => lv_path !== "");
    const facts = stack.devices.map(({ device, aliases, uuid, size }) => [device, ...aliases, uuid, String(size)]);
    const told = shown.map((each: Record<string, string>) => [
      each.lv_path,
      each.lv_dm_path,
      each.lv_uuid,
      each.lv_size,
    ]);
    expect(facts.toSorted()).toEqual(told.toSorted());
  });

  it("names the types of segments as lvs does, and the disks that hold them", async () => {
    await using stack = await openStack(paths());
    const { lv, seg } = JSON.parse(images.told.told ?? "").report[0] as Record<
      string,
      readonly Record<string, string>[]
    >;
    const nameOf = new Map(lv?.map((each) => [each.lv_uuid, each.lv_name]));
    for (const { lv_uuid, segtype, devices } of seg ?? []) {
      const name = nameOf.get(lv_uuid);
      const device = stack.devices.find((each) => each.device === `${GROUP}${name}`);
      // Of a snapshot lvs tells what its store is.
      if (!device || device.details.segments === "snapshot") continue;
      expect([name, device.details.segments]).toEqual([name, segtype]);
      const own = [...(devices ?? "").matchAll(/\/disk\/pv(\d)/g)].map(([, at]) => `/dev/sd${"abcdef"[Number(at)]}`);
      if (own.length > 0) expect([name, device.on]).toEqual([name, [...new Set(own)].toSorted()]);
    }
  });

  it("tells what a thin volume never wrote as holes", async () => {
    await using stack = await openStack(paths());
    const [none, thin] = ["thin-none", "thin"].map((name) => stack.source(`${GROUP}${name}`));
    expect(await none?.extent?.(0, 2 ** 20)).toEqual({ length: 2 ** 20, zero: true });
    // The first 320 KiB were written, and then nothing up to 40000 KiB.
    const written = await thin?.extent?.(0, 2 ** 26);
    expect(written).toEqual({ length: 320 << 10, zero: false });
    expect(await thin?.extent?.(320 << 10, 2 ** 24)).toEqual({ length: 2 ** 24, zero: true });
  });

  it("leaves out what fell behind the others, and says so", async () => {
    await using stack = await openStack(paths());
    expect(stack.warnings).toEqual([
      "The logical volume many-kinds/raid1-stale is degraded: its image 0 had failed",
      "The logical volume many-kinds/raid5-stale is degraded: its image 0 had failed",
    ]);
  });

  const lost = share([0, 1, 2, 3, 4, 5], (disk) => disk !== 0 && disk !== 3);
  it.each(lost)("without disk %i: all that has copies or parity reads the same", async (disk) => {
    await using stack = await openStack(paths([`pv${disk}`]));
    expect(stack.missing).toEqual([expect.stringContaining(`gkPv0${disk}`)]);
    const found = await verdicts(stack, images.sums);
    expect(lies(found)).toEqual(disk === 0 ? UNKNOWABLE : []);
    const safe = [...found].filter(([name]) => /^(mirror|raid(1|4|5_.*|6_.*|10|10-two))$/.test(name));
    expect(safe.filter(([, verdict]) => verdict !== "same")).toEqual([]);
    expect(safe.length).toBeGreaterThan(16);
  });

  it.each([
    [0, 1],
    [1, 3],
    [0, 3],
  ])("without disks %i and %i: RAID 6 reads the same, and nothing else lies", async (...two) => {
    await using stack = await openStack(paths(two.map((disk) => `pv${disk}`)));
    const found = await verdicts(stack, images.sums);
    expect(lies(found)).toEqual(two.includes(0) ? UNKNOWABLE : []);
    const six = [...found].filter(([name]) => name.startsWith("raid6_"));
    expect(six.map(([, verdict]) => verdict)).toEqual(Array(8).fill("same"));
    expect(found.get("raid5_ls")).toBe("E_LVM2_MISSING");
  });

  it("was asked to read a text that goes on at its area's start", async () => {
    const disk = await readFile(images.disks.pv0 ?? "");
    const at = 4096;
    const [size, offset, length] = [32, 40, 48].map((each) => Number(disk.readBigUInt64LE(at + each))) as [
      number,
      number,
      number,
    ];
    expect(offset + length).toBeGreaterThan(size);
  });
});
