import { expect, it } from "vitest";
import { openFileSource } from "../../../../core/source/file.ts";
import { Random } from "../../../support/random.ts";
import { stackImages } from "../../../support/stack-images/index.ts";
import { arrayMembers } from "../../../support/stack-images/slices.ts";
import { type Answers, faultsOf, type Mutation, mutateStructure, openMutated, readCase } from "./bed.ts";
import { mdStructures } from "./md-structures.ts";
import { type Disks, lvmStructures } from "./structures.ts";
import { mutateText } from "./text.ts";

/** `GUESTKIT_STACK_DAMAGE_SEED=123 GUESTKIT_STACK_DAMAGE_CASES=1` runs one case again. */
const CASES = Number(process.env.GUESTKIT_STACK_DAMAGE_CASES ?? 200);
const SEED = Number(process.env.GUESTKIT_STACK_DAMAGE_SEED ?? 1);
/** MiB. */
const MAX_GROWTH = 256;
/** Seeds that ask the same places. */
const PLACES = 8;

/** One device of so many is read in a case: the next cases read the others. */
const SHARE = 4;

/** What was worked since, however busy the host is. */
function cpuMs(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/** Places at which content is read, of which every device has its own share. */
const placeOf = (place: number) => place * 77_773;

/** Disks that belong together, and what makes a mutation of them. */
interface Target {
  readonly disks: Disks;
  readonly mutate: (random: Random) => Promise<Mutation>;
  /** What the whole disks answer, by place. */
  readonly truths: readonly Answers[];
}

/** @param refused codes of what is refused of the whole disks, too */
async function target(disks: Disks, refused: readonly string[], mutate: Target["mutate"]): Promise<Target> {
  const truths: Answers[] = [];
  for (let place = 0; place < PLACES; place++) {
    const { answers, errors } = await readCase(() => openMutated(disks, { patches: {} }), placeOf(place));
    expect(errors.filter((error) => !refused.includes((error as { code?: string }).code ?? ""))).toEqual([]);
    truths.push(answers);
  }
  return { disks, mutate, truths };
}

async function run(targets: readonly Target[]): Promise<void> {
  const before = process.resourceUsage().maxRSS;
  const faults: string[] = [];
  let refused = 0;
  for (let seed = SEED; seed < SEED + CASES; seed++) {
    const random = new Random(seed);
    const { disks, mutate, truths } = random.pick(targets);
    const mutation = await mutate(random);
    const place = seed % PLACES;
    const started = process.cpuUsage();
    const result = await readCase(
      () => openMutated(disks, mutation),
      placeOf(place),
      (index) => targets.length > 1 || index % SHARE === seed % SHARE,
    );
    if (result.errors.length > 0) refused++;
    const found = faultsOf(result, truths[place] as Answers, mutation, cpuMs(started));
    faults.push(...found.map((fault) => `seed ${seed}, ${mutation.step}: ${fault}`));
  }
  expect(faults.slice(0, 20)).toEqual([]);
  expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(MAX_GROWTH);
  if (CASES >= 200) expect(refused).toBeGreaterThan(CASES / 20);
}

it(`LVM2: ${CASES} damaged texts and structures are read or refused, and none lies`, async () => {
  const images = await stackImages("lvm");
  const opened = Object.entries(images.disks).map(async ([name, path]) => [name, await openFileSource(path)] as const);
  const disks: Disks = Object.fromEntries(await Promise.all(opened));
  const text = images.told.text ?? "";
  const structures = await lvmStructures(disks, text);
  const mutate = (random: Random) =>
    random.below(2) === 0 ? mutateText(disks, groupPart(text), random) : mutateStructure(disks, structures, random);
  await run([await target(disks, ["E_LVM2_CACHE"], mutate)]);
}, 1_800_000);

it(`md: ${CASES} damaged superblocks are read or refused, and none lies`, async () => {
  const arrays = await arrayMembers(await stackImages("md"));
  const targets: Target[] = [];
  for (const [name, members] of arrays) {
    // Without the other one, nothing tells that this member fell behind.
    if (name === "raid1-stale") continue;
    const disks = Object.fromEntries(members.map((member) => [member.name, member]));
    const structures = await mdStructures(members);
    targets.push(await target(disks, [], (random) => mutateStructure(disks, structures, random)));
  }
  await run(targets);
}, 1_800_000);

/** What vgcfgbackup writes before the group is of the file alone. */
function groupPart(text: string): string {
  return text.slice(text.indexOf("many-kinds {"));
}
