import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { Random } from "../../support/random.ts";
import { scratch } from "../../support/run.ts";
import { ext4Structures } from "./ext4-structures.ts";
import { baseImages } from "./images.ts";
import { mutateFields, type Target } from "./mutate.ts";
import type { Structure } from "./structure.ts";
import { type Answers, ourAnswers } from "./truth.ts";

const CASES = Number(process.env.GUESTKIT_DAMAGE_KERNEL_CASES ?? 150);
const SEED = Number(process.env.GUESTKIT_DAMAGE_SEED ?? 1);
const dir = await scratch("damage-kernel");
const program = fileURLToPath(new URL("kernel-answers.py", import.meta.url));

it(`answers of ${CASES} damaged ext4 images are the kernel's, or there is none (seeds from ${SEED})`, async () => {
  const targets = await ext4Targets();
  const differing: string[] = [];
  let compared = 0;
  await using kernel = await startKernel();
  for (let seed = SEED; seed < SEED + CASES; seed++) {
    const random = new Random(seed);
    const { name, bytes, structures } = random.pick(targets);
    const image = bytes.slice();
    const { steps } = mutateFields({ bytes: image, structures }, random);
    const ours = await ourAnswers(image);
    const theirs = await kernel.ask(image);
    const lies = differences(ours, theirs);
    if (lies.length > 0) differing.push(`seed ${seed}, ${name}, ${steps.join("; ")}: ${lies.slice(0, 3).join(", ")}`);
    compared += ours ? Object.keys(ours).length : 0;
  }
  console.log(`damage: ${compared} facts of seeds ${SEED} to ${SEED + CASES - 1} held against the kernel`);
  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(CASES * 5);
}, 1_800_000);

async function ext4Targets(): Promise<(Target & { readonly name: string })[]> {
  const { images } = await baseImages();
  return images
    .filter(({ family }) => family === "ext4")
    .map(({ name, bytes }) => {
      const structures = new Map<string, Structure[]>();
      for (const each of ext4Structures(bytes)) structures.set(each.kind, [...(structures.get(each.kind) ?? []), each]);
      return { name, bytes, structures };
    });
}

/**
 * What guestkit says and the kernel says otherwise. Refusing more, or later (the kernel refuses a whole inode for
 * what only reading it would show), is no lie.
 */
function differences(ours: Answers | null, theirs: Answers | null): string[] {
  if (!ours || !theirs) return [];
  return Object.entries(ours).flatMap(([key, said]) => {
    const other = theirs[key];
    if (said === null || other === undefined || other === said) return [];
    if (other === null && key.endsWith(" stat")) return [];
    if (key.endsWith(" names") && isPartOf(other ?? "", said)) return [];
    return [`${key} is ${JSON.stringify(said)}, for the kernel ${JSON.stringify(other)}`];
  });
}

/** A damaged hash tree hides names from the kernel; guestkit lists a directory without it. */
function isPartOf(names: string, all: string): boolean {
  const known = new Set(all.split("\n"));
  return names === "" || names.split("\n").every((name) => known.has(name));
}

async function startKernel() {
  const mount = join(dir, "mount");
  await mkdir(mount);
  const child = spawn("unshare", ["--mount", "--propagation", "private", "python3", program, mount], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (image: Uint8Array): Promise<Answers | null> => {
      const file = join(dir, "image");
      await writeFile(file, image);
      child.stdin.write(`${file}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("the kernel's side ended");
      return JSON.parse(value);
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => child.on("close", resolve));
      child.stdin.end();
      await closed;
    },
  };
}
