import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { it } from "vitest";
import { scratch } from "../support/scratch.ts";
import { Bed } from "./bed.ts";
import { faultsAfter, faultsOfLooks, faultsOfSaying, layOut, learn, type Standard, viewOf } from "./judge.ts";
import { drawsOf, tell } from "./settings.ts";
import { commandOf, type Writer } from "./writer.ts";
import { WRITERS } from "./writers/index.ts";

const folder = await scratch("crash-pair");
const bed = new Bed(join(folder, "bed"));

it.each(drawsOf("pair", WRITERS))(
  "$name: two at once are ordered, and whoever reads meanwhile sees the old or the new",
  async ({ writer, count, random, only }) => {
    const { standard } = await learn(bed, writer, (command) => bed.must(command));
    const lags = only === null ? Array.from({ length: count }, () => random.below(400)) : [Number(only)];
    const faults: string[] = [];
    for (const lag of lags) {
      await layOut(bed, writer);
      const found = await together(writer, standard, lag);
      faults.push(...found.map((fault) => tell("pair", writer, String(lag), " ms apart", fault)));
    }
    if (faults.length > 0) throw new Error(faults.join("\n"));
  },
);

/** One of the two does it; the other waits, finds it done, or says who is at it. */
async function together(writer: Writer, standard: Standard, lag: number): Promise<readonly string[]> {
  const command = commandOf(writer);
  const reading = { ended: false };
  const both = Promise.all([bed.run(command), sleep(lag).then(() => bed.run(command))]).finally(() => {
    reading.ended = true;
  });
  const looks: string[] = [];
  while (!reading.ended) looks.push(...faultsOfLooks(await viewOf(bed, writer), standard));
  const said = await both;
  const best = said.find(({ exitCode }) => exitCode === 0) ?? null;
  const failed = best ? [] : said.map(({ exitCode, stderr }) => `both failed, one with ${exitCode}: ${stderr}`);
  const told = said.flatMap(faultsOfSaying);
  return [...looks, ...failed, ...told, ...(await faultsAfter(bed, writer, standard, best))];
}
