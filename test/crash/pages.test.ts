import { join } from "node:path";
import { expect, it } from "vitest";
import { Random } from "../support/random.ts";
import { scratch } from "../support/scratch.ts";
import { Bed } from "./bed.ts";
import type { BlockWrite } from "./block-log.ts";
import { faultsAfter, layOut, learn } from "./judge.ts";
import { canLosePages, LoggedDisk, type Recording } from "./logged-disk.ts";
import { drawsOf, tell } from "./settings.ts";
import { commandOf } from "./writer.ts";
import { WRITERS } from "./writers/index.ts";

/** All that was written before a flush is there; of what followed, what `choice` picks (0: nothing). */
interface Loss {
  readonly flush: number;
  readonly choice: number;
}

const folder = await scratch("crash-pages");
const bed = new Bed(join(folder, "bed"));

it.skipIf(!(await canLosePages())).each(
  drawsOf(
    "pages",
    WRITERS.filter(({ isUnsynced, end }) => !isUnsynced && !end),
  ),
)(
  "$name: after lost pages it is the old or the new, and the same again is the new",
  async ({ writer, count, random, only }) => {
    const disk = await LoggedDisk.make(join(folder, "disk"), bed.folder);
    const { standard } = await disk.prepare(async () => {
      const learnt = await learn(bed, writer, (command) => bed.must(command));
      await layOut(bed, writer);
      return learnt;
    });
    const recording = await disk.record(async () => {
      await bed.must(commandOf(writer));
      expect(await bed.quiet()).toEqual([]);
    });
    const losses = only === null ? drawLosses(recording, count, random) : [lossOf(only)];
    const faults: string[] = [];
    for (const loss of losses) {
      // What a command that exited with 0 has done outlives the power.
      const said = loss.flush < recording.atEnd ? null : { exitCode: 0, stdout: "", stderr: "" };
      const found = await disk.after(writesOf(recording, loss), async () => {
        await bed.forget();
        return faultsAfter(bed, writer, standard, said);
      });
      faults.push(...found.map((fault) => tell("pages", writer, nameOf(loss), ` of ${recording.atEnd}`, fault)));
    }
    console.log(`${writer.name}: ${losses.length} losses at ${recording.atEnd} flushes`);
    if (faults.length > 0) throw new Error(faults.join("\n"));
  },
);

const nameOf = ({ flush, choice }: Loss): string => `${flush}:${choice}`;

function lossOf(name: string): Loss {
  const [flush, choice] = name.split(":").map(Number);
  return { flush: flush ?? 0, choice: choice ?? 0 };
}

/** Half of them right at a flush, and always one after the command's end. */
function drawLosses({ atEnd }: Recording, count: number, random: Random): readonly Loss[] {
  return Array.from({ length: count }, (_, at) => ({
    flush: at === 0 ? atEnd : random.below(atEnd + 1),
    choice: at % 2 === 0 ? 0 : 1 + random.below(1_000_000),
  }));
}

function writesOf({ epochs }: Recording, { flush, choice }: Loss): readonly BlockWrite[] {
  const random = new Random(choice);
  const some = choice === 0 ? [] : (epochs[flush] ?? []).filter(() => random.below(2) === 1);
  return [...epochs.slice(0, flush).flat(), ...some];
}
