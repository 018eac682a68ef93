import { appendFile, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { FileFollower } from "../../../core/qemu/log/follow.ts";
import { cutLog, tailOfLog } from "../../../core/qemu/log/log-cut.ts";
import { fc } from "../../support/property.ts";

async function logFile(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "guestkit-log-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  return join(dir, "console.log");
}

const lines = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `line ${from + index}\n`).join("");

async function read(follower: FileFollower): Promise<string> {
  return Buffer.concat(await Array.fromAsync(follower.available())).toString();
}

it("keeps the newer half of the limit in whole lines, says what is gone, and leaves a short log alone", async () => {
  const path = await logFile();
  await cutLog(path, 1000);
  await writeFile(path, lines(0, 50));
  await cutLog(path, 1000);
  expect(await readFile(path, "utf8")).toBe(lines(0, 50));
  await appendFile(path, lines(50, 950));
  const whole = lines(0, 1000);
  await cutLog(path, 1000);
  const [mark = "", ...rest] = (await readFile(path, "utf8")).split("\n");
  const kept = rest.join("\n");
  expect(mark).toBe(`[guestkit: the first ${whole.length - kept.length} bytes of this log were cut]`);
  expect(whole.endsWith(kept)).toBe(true);
  expect(kept).toMatch(/^line \d+\n/);
  expect((await stat(path)).size).toBeLessThanOrEqual(1000);
  expect(await tailOfLog(path, 9)).toBe("line 999\n");
});

it("is followed over its cuts: nothing twice, and what is missed is told", async () => {
  const step = fc.record({ count: fc.nat(60), cut: fc.boolean(), look: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const path = await logFile();
      await writeFile(path, "");
      await using follower = new FileFollower(path);
      let written = 0;
      let seen = "";
      for (const { count, cut, look } of steps) {
        await appendFile(path, lines(written, count));
        written += count;
        if (look) seen += await read(follower);
        if (cut) await cutLog(path, 400);
      }
      seen += await read(follower);
      const numbers = [...seen.matchAll(/^line (\d+)$/gm)].map(([, number]) => Number(number));
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      if (written > 0) expect(numbers.at(-1)).toBe(written - 1);
      const missed = numbers.some((number, index) => number !== (numbers[index - 1] ?? -1) + 1);
      if (missed) expect(seen).toContain("[guestkit: the first");
    }),
    { numRuns: 60 },
  );
});

it("follows no link to another file", async () => {
  const path = await logFile();
  const other = `${path}.other`;
  await writeFile(other, lines(0, 1000));
  await symlink(other, path);
  await expect(cutLog(path, 100)).rejects.toMatchObject({ code: "E_FILE_KIND" });
  expect(await readFile(other, "utf8")).toBe(lines(0, 1000));
});
