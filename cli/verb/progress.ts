import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isWritten, journalDir, readOwnFile, resolveSettings } from "@guestkit/core/engine";
import { type Progress, parseJson, progressText } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../command/command.ts";
import { writeOut } from "../output/stdout.ts";

/** Between two looks at the journals (ms). */
const INTERVAL = 300;
/** Of a journal, bytes: a line for each fifth of a second, for days. */
const LARGEST = 64 << 20;

interface Head {
  readonly title: string;
  readonly pid: number;
}

/** What is known of one journal: its head, and how many of its lines were shown. */
interface Followed {
  head: Head | null;
  lines: number;
}

/** Follows whatever guestkit does on this host, started by whichever face, until nothing runs any more. */
export async function run({ flags, signal }: Invocation): Promise<number> {
  const folder = journalDir(resolveSettings().runtimeDir);
  const json = flags.has("json");
  const followed = new Map<string, Followed>();
  for (;;) {
    const running = await look(folder, followed, json);
    if (running === 0 && !flags.has("wait")) break;
    if (flags.has("once")) break;
    await sleep(INTERVAL, undefined, { signal });
  }
  if (followed.size === 0 && !json) process.stderr.write("Nothing runs.\n");
  return EXIT.done;
}

/** Shows what is new; gives how many operations run. */
async function look(folder: string, followed: Map<string, Followed>, json: boolean): Promise<number> {
  let running = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!isWritten(name)) continue;
    const content = (await readOwnFile(join(folder, name), LARGEST).catch(() => null))?.toString() ?? "";
    const whole = content.slice(0, content.lastIndexOf("\n") + 1);
    const lines = whole.split("\n").filter((line) => line !== "");
    const head = parsed<Head>(lines[0]);
    if (!head) continue;
    running++;
    const known = followed.get(name) ?? { head, lines: 1 };
    for (const event of lines.slice(known.lines).map(parsed<Progress>)) if (event) show(head, event, json);
    followed.set(name, { head, lines: lines.length });
  }
  return running;
}

/** A line that is no JSON tells nothing: whoever wrote it was killed. */
function parsed<T>(line: string | undefined): T | null {
  try {
    return line === undefined ? null : (parseJson(line) as T | null);
  } catch {
    return null;
  }
}

function show(head: Head, event: Progress, json: boolean): void {
  writeOut(json ? `${JSON.stringify({ ...head, ...event })}\n` : `${head.title}: ${progressText(event)}\n`);
}
