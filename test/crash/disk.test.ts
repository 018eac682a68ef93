import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { it } from "vitest";
import { scratch } from "../support/scratch.ts";
import { run } from "../support/tool.ts";
import { Bed, type Said } from "./bed.ts";
import { faultsAfter, layOut, learn, rest, type Standard } from "./judge.ts";
import { drawsOf, tell } from "./settings.ts";
import { commandOf, type Writer } from "./writer.ts";
import { WRITERS } from "./writers/index.ts";

const MIB = 2 ** 20;
const folder = await scratch("crash-disk");
const bed = new Bed(join(folder, "bed"));
const remount = (options: string) => run("mount", ["-o", `remount,${options}`, bed.folder]);

it.skipIf(process.getuid?.() !== 0).each(drawsOf("disk", WRITERS))(
  "$name: on a disk that is full or read-only it leaves the old or the new, and with room the same again is the new",
  async ({ writer, count, random, only }) => {
    await mkdir(bed.folder, { recursive: true });
    await run("mount", ["-t", "tmpfs", "-o", "size=256M", "tmpfs", bed.folder]);
    try {
      const { standard } = await learn(bed, writer, (command) => bed.must(command));
      // A part of what the new state needs beside the old one, in thousandths; 0 is a disk that cannot be written.
      const parts =
        only === null
          ? Array.from({ length: count }, (_, at) => (at === 0 ? 0 : 1 + random.below(1200)))
          : [Number(only)];
      const faults: string[] = [];
      for (const part of parts) {
        const found = await onPart(writer, standard, part);
        faults.push(...found.map((fault) => tell("disk", writer, String(part), "/1000 of the room", fault)));
      }
      if (faults.length > 0) throw new Error(faults.join("\n"));
    } finally {
      await rest(bed, writer);
      await run("umount", [bed.folder]);
    }
  },
);

async function onPart(writer: Writer, standard: Standard, part: number): Promise<readonly string[]> {
  const needed = (await usage()) + MIB;
  await layOut(bed, writer);
  const before = await usage();
  const room = Math.max(4096, Math.round(((needed - before) * part) / 1000));
  const work = async () => {
    const said = await bed.run(commandOf(writer));
    await bed.quiet(!writer.end);
    return said;
  };
  const said = await (part === 0 ? readOnly(work) : within(before + room, work));
  return faultsAfter(bed, writer, standard, said);
}

/** So many bytes, used ones included. */
async function within(bytes: number, work: () => Promise<Said>): Promise<Said> {
  await remount(`size=${bytes}`);
  try {
    return await work();
  } finally {
    await remount("size=256M");
  }
}

/** By another mount over it: of the one below, a machine that runs has files open, and it cannot be made read-only. */
async function readOnly(work: () => Promise<Said>): Promise<Said> {
  await run("mount", ["--bind", bed.folder, bed.folder]);
  try {
    await run("mount", ["-o", "remount,bind,ro", bed.folder]);
    return await work();
  } finally {
    await run("umount", [bed.folder]);
  }
}

async function usage(): Promise<number> {
  const [, bytes = "0"] = (await run("df", ["--block-size=1", "--output=used", bed.folder])).split("\n");
  return Number(bytes);
}
