import { expect, it } from "vitest";
import { amount } from "../../support/slow.ts";
import { baseImages } from "./images.ts";
import { type Campaign, runCampaign } from "./supervise.ts";

/** So many cases show each family of images both read and refused. */
const MEANINGFUL = 1_400;
/** `GUESTKIT_DAMAGE_SEED=123 GUESTKIT_DAMAGE_CASES=1` runs one case again; `GUESTKIT_DAMAGE_IMAGES` is a pattern of names. */
const CASES = Number(process.env.GUESTKIT_DAMAGE_CASES ?? amount(MEANINGFUL, 5_000));
const SEED = Number(process.env.GUESTKIT_DAMAGE_SEED ?? 1);
/** MiB. */
const MAX_GROWTH = 256;

it(`reads or refuses ${CASES} damaged images: no crash, no hang, no lie, no growth (seeds from ${SEED})`, async () => {
  await baseImages();
  const started = Date.now();
  const campaign = await runCampaign(SEED, CASES);
  console.log(report(campaign, Date.now() - started));
  expect(campaign.faults.slice(0, 20)).toEqual([]);
  expect(campaign.growth).toBeLessThan(MAX_GROWTH);
  if (CASES < MEANINGFUL || process.env.GUESTKIT_DAMAGE_IMAGES) return;
  expectMeaning(campaign);
}, 1_800_000);

/** Damage that nobody would notice proves nothing: mended structures must come past their checksums. */
function expectMeaning({ tally }: Campaign): void {
  const sum = (match: RegExp) =>
    [...tally].filter(([key]) => match.test(key)).reduce((all, [, times]) => all + times, 0);
  expect(sum(/^mended E_EXT4_CHECKSUM/)).toBeLessThan(sum(/^mended ext4/) / 8);
  expect(sum(/^mended E_EXT4_JOURNAL$/)).toBeGreaterThan(0);
  expect([...tally.keys()].filter((key) => key.includes(" E_")).length).toBeGreaterThan(40);
  for (const way of ["bytes", "mended"]) {
    const families = "ext fat disk qcow2 qcow- vdi vhd- vhdx vmdk qed parallels xfs- btrfs-".split(" ");
    for (const family of families) {
      expect(sum(new RegExp(`^${way} ${family}.*: read`)), `${way} ${family}`).toBeGreaterThan(0);
      expect(sum(new RegExp(`^${way} ${family}.*: refused`)), `${way} ${family}`).toBeGreaterThan(0);
    }
  }
}

function report({ faults, tally, growth }: Campaign, ms: number): string {
  const lines = [...tally].sort().map(([key, times]) => `  ${key} ${times}`);
  const found = faults.map(({ seed }) => seed).join(" ") || "none";
  return [
    `damage: seeds ${SEED} to ${SEED + CASES - 1} in ${Math.round(ms / 1000)} s, peak memory grew by ${growth} MiB, faults at seeds: ${found}`,
    ...lines,
  ].join("\n");
}
