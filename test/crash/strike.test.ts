import { join } from "node:path";
import { expect, it } from "vitest";
import { scratch } from "../support/scratch.ts";
import { Bed } from "./bed.ts";
import { faultsAfter, layOut, learn, type Standard } from "./judge.ts";
import { drawPoints, nameOf, type Point, pointOf } from "./point.ts";
import { drawsOf, tell } from "./settings.ts";
import { Striker } from "./strike.ts";
import type { Writer } from "./writer.ts";
import { WRITERS } from "./writers/index.ts";

/** A bed and what strikes in it. Two work side by side: a point is a row of processes, and there are two cores. */
interface Place {
  readonly bed: Bed;
  readonly striker: Striker;
}

const folder = await scratch("crash-strike");
const place = async (name: string): Promise<Place> => ({
  bed: new Bed(join(folder, name, "bed")),
  striker: await Striker.in(join(folder, name, "tools")),
});
const [first, second] = [await place("1"), await place("2")];
const total = { points: 0, hits: 0 };

it.each(drawsOf("strike", WRITERS))(
  "$name: stopped at any point, it leaves the old or the new, and the same again is the new",
  async ({ writer, count, random, only }) => {
    const { bed, striker } = first;
    const { standard, result: calls } = await learn(bed, writer, () => striker.learn(bed, writer));
    expect(calls.length, "it writes").toBeGreaterThan(0);
    const points = only === null ? drawPoints(calls, count, random) : [pointOf(only)];
    const left = [...points];
    const faults: string[] = [];
    const work = async (own: Place) => {
      for (let point = left.shift(); point; point = left.shift())
        faults.push(...(await strike(own, writer, standard, point)));
    };
    await Promise.all([work(first), work(second)]);
    console.log(`${writer.name}: ${points.length} points of ${calls.length} calls`);
    if (faults.length > 0) throw new Error(faults.join("\n"));
  },
);

it("hits most of its points", () => {
  console.log(`${total.hits} of ${total.points} points hit`);
  expect(total.hits).toBeGreaterThanOrEqual(total.points * 0.7);
});

async function strike(
  { bed, striker }: Place,
  writer: Writer,
  standard: Standard,
  point: Point,
): Promise<readonly string[]> {
  await layOut(bed, writer);
  const said = await striker.strike(bed, writer, point);
  total.points++;
  if (said.hit) total.hits++;
  const faults = await faultsAfter(bed, writer, standard, said);
  const how = ` (exit code ${said.exitCode}${said.hit ? "" : ", it never came so far"})`;
  return faults.map((fault) => tell("strike", writer, nameOf(point), how, fault));
}
