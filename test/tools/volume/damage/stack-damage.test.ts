import { expect, it } from "vitest";
import { openFileSource } from "../../../../core/source/file.ts";
import { openStack } from "../../../support/open-stack.ts";
import { Random } from "../../../support/random.ts";
import { type StackImages, stackImages } from "../../../support/stack-images/index.ts";
import { type Answers, faultsOf, type Mutation, mutateStructure, openMutated, readCase } from "./bed.ts";
import { type Disks, lvmStructures } from "./structures.ts";
import { mutateText } from "./text.ts";

/** `GUESTKIT_STACK_DAMAGE_SEED=123 GUESTKIT_STACK_DAMAGE_CASES=1` runs one case again. */
const CASES = Number(process.env.GUESTKIT_STACK_DAMAGE_CASES ?? 200);
const SEED = Number(process.env.GUESTKIT_STACK_DAMAGE_SEED ?? 1);
/** MiB. */
const MAX_GROWTH = 256;
/** Seeds that ask the same places. */
const PLACES = 8;

async function openDisks(images: StackImages): Promise<Disks> {
  const opened = Object.entries(images.disks).map(async ([name, path]) => [name, await openFileSource(path)] as const);
  return Object.fromEntries(await Promise.all(opened));
}

async function run(disks: Disks, mutate: (random: Random) => Promise<Mutation>): Promise<void> {
  const truths: Answers[] = [];
  for (let place = 0; place < PLACES; place++) {
    const { answers, errors } = await readCase(
      () => openStack(Object.values(disks).map((each) => ({ ...each, [Symbol.asyncDispose]: async () => {} }))),
      place * 77_773,
    );
    expect(errors.filter((error) => (error as { code?: string }).code !== "E_LVM2_CACHE")).toEqual([]);
    truths.push(answers);
  }
  const before = process.resourceUsage().maxRSS;
  const faults: string[] = [];
  let refused = 0;
  for (let seed = SEED; seed < SEED + CASES; seed++) {
    const mutation = await mutate(new Random(seed));
    const place = seed % PLACES;
    const started = performance.now();
    const result = await readCase(() => openMutated(disks, mutation), place * 77_773);
    if (result.errors.length > 1) refused++;
    const found = faultsOf(result, truths[place] as Answers, mutation, performance.now() - started);
    faults.push(...found.map((fault) => `seed ${seed}, ${mutation.step}: ${fault}`));
  }
  expect(faults.slice(0, 20)).toEqual([]);
  expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(MAX_GROWTH);
  if (CASES >= 200) expect(refused).toBeGreaterThan(CASES / 20);
}

it(`LVM2: ${CASES} damaged texts and structures are read or refused, and none lies`, async () => {
  const images = await stackImages("lvm");
  const disks = await openDisks(images);
  const text = images.told.text ?? "";
  const structures = await lvmStructures(disks, text);
  await run(disks, (random) =>
    random.below(2) === 0 ? mutateText(disks, groupPart(text), random) : mutateStructure(disks, structures, random),
  );
}, 1_800_000);

/** What vgcfgbackup writes before the group is of the file alone. */
function groupPart(text: string): string {
  return text.slice(text.indexOf("many-kinds {"));
}
