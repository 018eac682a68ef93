import { openJournal, type Selection } from "@guestkit/core/journal";
import { GuestkitError } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../command/command.ts";
import { momentOf } from "../command/moment.ts";
import { usage } from "../command/parse.ts";
import { entryText, journalJson } from "../output/journal-text.ts";
import { TextOut } from "../output/stdout.ts";
import { shown } from "../output/table.ts";
import { note, readDisk } from "./place.ts";

const LEVELS = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

export async function run(invocation: Invocation): Promise<number> {
  const [image = ""] = invocation.positionals;
  const selection = selectionOf(invocation);
  demandBoot(invocation);
  const spell = invocation.flags.has("json") ? journalJson : entryText;
  await readDisk(invocation, image, async (disk, output) => {
    const out = new TextOut();
    const flush = () => {
      output();
      out.flush();
    };
    const journal = await openJournal(await disk.tree(), disk.codec);
    if (!journal) throw noJournal(image);
    const boot = await bootOf(invocation, () => journal.boots());
    let last = boot;
    for await (const entry of journal.entries({ ...selection, ...(boot !== undefined && { boot }) })) {
      invocation.signal.throwIfAborted();
      const isNext = last !== undefined && last !== entry.bootId && !invocation.flags.has("json");
      last = entry.bootId;
      if (out.add(`${isNext ? `-- Boot ${entry.bootId} --\n` : ""}${spell(entry)}`)) flush();
    }
    flush();
    for (const warning of journal.warnings) note(shown(warning));
  });
  return EXIT.done;
}

function selectionOf({ values, lists, command }: Invocation): Selection {
  const { priority } = values;
  const time = (name: "since" | "until") => {
    const text = values[name];
    if (text === undefined) return {};
    const found = momentOf(text, Date.now());
    if (found === null)
      throw usage(command, `--${name} is no time: "${text}" (2026-11-30, 2026-11-30 10:00, 2 hours ago)`);
    return { [name]: found };
  };
  const units = (lists.unit ?? []).map((unit) => (/\.[a-z]+$/.test(unit) ? unit : `${unit}.service`));
  return {
    units,
    ...(priority !== undefined && { priorities: prioritiesOf(priority, command) }),
    ...time("since"),
    ...time("until"),
  };
}

/** A level and all that are more important, or those between two. */
function prioritiesOf(text: string, command: Invocation["command"]): readonly [number, number] {
  const [first = "", last] = text.split("..", 2);
  const levels = [last === undefined ? "emerg" : first, last ?? first].map((word) =>
    LEVELS.includes(word) ? LEVELS.indexOf(word) : /^[0-7]$/.test(word) ? Number(word) : -1,
  );
  if (levels.includes(-1)) {
    throw usage(command, `--priority must be one of ${LEVELS.join(", ")}, or 0 to 7, or FROM..TO, not "${text}"`);
  }
  return [Math.min(...levels), Math.max(...levels)];
}

const BOOT_ID = /^[0-9a-f]{32}$/;

/** Before an image is opened for it. */
function demandBoot({ values: { boot }, command }: Invocation): void {
  if (boot === undefined || BOOT_ID.test(boot) || /^-?\d{1,6}$/.test(boot)) return;
  throw usage(command, `--boot must be 0, -1 and so on, or an id of 32 digits, not "${boot}"`);
}

/** An id, or how many boots before the last one. */
async function bootOf(
  { values, command }: Invocation,
  boots: () => Promise<readonly string[]>,
): Promise<string | undefined> {
  const { boot } = values;
  if (boot === undefined || BOOT_ID.test(boot)) return boot;
  const known = await boots();
  const found = Number(boot) > 0 ? known[Number(boot) - 1] : known.at(Number(boot) - 1);
  if (found !== undefined) return found;
  throw usage(command, `--boot ${boot} is none: the journal has ${known.length} boots`);
}

function noJournal(image: string): GuestkitError {
  return new GuestkitError("E_JOURNAL_NONE", `Cannot print the journal of "${image}": the system keeps none`, {
    at: { file: image },
    help: `Look for other logs: guestkit ls -l "${image}" /var/log`,
  });
}
