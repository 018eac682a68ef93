import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

const tests = join(import.meta.dirname, "../..");
/** A clock within what is expected, or in what a word of it was set to. */
const CLOCK = /performance\.now\(\)|Date\.now\(\)|cpuUsage\(|hrtime/;
/** The expectations of a most of a text: what is compared, and with what. */
const MOST = /expect\(([^;]*?)\)\s*\.toBeLessThan(?:OrEqual)?\(([^;]*?)\);/g;

/** Limits to how long something may take, but for the one that only a hang reaches. */
function timedIn(text: string): readonly string[] {
  return [...text.matchAll(MOST)].flatMap(([whole, compared = "", limit = ""]) => {
    const words = compared.match(/\b[a-z]\w*\b(?!\()/gi) ?? [];
    const isTimed = CLOCK.test(compared) || words.some((word) => wasTimed(text, word));
    return isTimed && limit !== "HANG_MS" ? [whole] : [];
  });
}

/** A difference of times, by the assignment: `const ms = performance.now() - began`. */
const wasTimed = (text: string, word: string): boolean =>
  new RegExp(`\\b${word} = [^;]*(?:now\\(\\) - |cpuUsage\\(\\w)`).test(text);

it("knows limits to times, and no others", () => {
  const found = timedIn(`
    expect(performance.now() - began).toBeLessThan(5000);
    const cpu = process.cpuUsage(started).user; expect(cpu / 1000).toBeLessThan(60);
    const ms = Date.now() - start; expect(ms).toBeLessThanOrEqual(10);
    expect(performance.now() - began).toBeLessThan(HANG_MS);
    const bytes = 3; expect(bytes).toBeLessThan(5);
  `);
  expect(found).toHaveLength(3);
});

it("no test fails because its host is busy: what takes how long is limited where only a hang comes", async () => {
  const found: string[] = [];
  for await (const path of glob("{fast,tools,engines,support}/**/*.ts", { cwd: tests })) {
    if (path === "fast/architecture/time.test.ts") continue;
    const text = await readFile(join(tests, path), "utf8");
    found.push(...timedIn(text).map((each) => `${path}: ${each}`));
  }
  expect(found).toEqual([]);
});
