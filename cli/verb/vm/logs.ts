import { setTimeout as sleep } from "node:timers/promises";
import { LineCutter } from "@guestkit/core/kit";
import { ConsoleLines, FileFollower, reachMachine } from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";
import { usage } from "../../command/parse.ts";
import { writeOut } from "../../output/stdout.ts";

/** How often a followed log is looked at (ms). */
const LOOK = 200;
const NEWLINE = Buffer.from("\n");

export async function run(invocation: Invocation): Promise<number> {
  const { positionals, flags, signal } = invocation;
  const wanted = wantedLines(invocation);
  const { folder } = await reachMachine(positionals[0] ?? "", signal);
  await using file = new FileFollower(flags.has("qemu") ? folder.qemuLog : folder.consoleLog);
  const cutter = flags.has("raw") ? rawLines() : cleanLines();
  let kept: Uint8Array[] = [];
  for await (const bytes of file.available()) {
    const lines = cutter.push(bytes);
    if (wanted === null) for (const line of lines) writeOut(line);
    else {
      for (const line of lines) kept.push(line);
      if (kept.length > 2 * wanted) kept = last(kept, wanted);
    }
  }
  const follow = flags.has("follow");
  if (!follow) kept.push(cutter.rest());
  if (wanted !== null || !follow) kept = last(kept, wanted ?? 1);
  for (const line of kept) writeOut(line);
  while (follow) {
    for await (const bytes of file.available()) for (const line of cutter.push(bytes)) writeOut(line);
    await sleep(LOOK, undefined, { signal });
  }
  return EXIT.done;
}

function wantedLines({ values: { lines }, command }: Invocation): number | null {
  if (lines === undefined) return null;
  if (/^\d+$/.test(lines)) return Number(lines);
  throw usage(command, `--lines must be a number, not "${lines}"`);
}

const last = (lines: readonly Uint8Array[], count: number): Uint8Array[] => {
  const whole = lines.filter((line) => line.length > 0);
  return count === 0 ? [] : whole.slice(-count);
};

/** Cuts what comes into lines, their ends included. */
interface Cutter {
  push(bytes: Uint8Array): Uint8Array[];
  /** The line that has no end yet. */
  rest(): Uint8Array;
}

function cleanLines(): Cutter {
  const lines = new ConsoleLines();
  return {
    push: (bytes) => lines.push(bytes).map((line) => Buffer.from(`${line}\n`)),
    rest: () => Buffer.from(lines.open === "" ? "" : `${lines.open}\n`),
  };
}

function rawLines(): Cutter {
  const done: Uint8Array[] = [];
  const cutter = new LineCutter((line) => line && done.push(line), { most: Number.POSITIVE_INFINITY });
  const take = () => done.splice(0);
  return {
    push: (bytes) => {
      cutter.push(bytes);
      return take().map((line) => Buffer.concat([line, NEWLINE]));
    },
    rest: () => {
      cutter.end();
      return take()[0] ?? Buffer.alloc(0);
    },
  };
}
