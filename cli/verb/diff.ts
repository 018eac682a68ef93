import { type Change, diffDisks, tallying } from "@guestkit/core/diff";
import { reading } from "@guestkit/core/inspect";
import { GuestkitError } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../command/command.ts";
import { usage } from "../command/parse.ts";
import { changeJson, changeLine, heading, statLines } from "../output/change-text.ts";
import { TextOut } from "../output/stdout.ts";
import { shown } from "../output/table.ts";
import { note, ofSide, pathOf, placeOf } from "./place.ts";

/** No argument is a path. */
const FROM_OPTION = 2;
const COUNTING = "Count its lines: guestkit diff --json BEFORE AFTER | jq -r .group | sort | uniq -c. ";

export async function run(invocation: Invocation): Promise<number> {
  const { positionals, flags, command } = invocation;
  if (flags.has("stat") && flags.has("json")) throw usage(command, "--json and --stat exclude one another", COUNTING);
  const [before = "", after = ""] = positionals;
  const options = { ...optionsOf(invocation), warn: noting({ before, after }) };
  const { choices } = options;
  // The second is opened once for each time that the first one is: both are what they are at that time.
  const { different, unread } = await reading(before, choices.before, (old, hasOld) =>
    reading(after, choices.after, async (now, hasNow) => {
      const out = new TextOut();
      const { tally, add } = tallying();
      const flush = () => {
        hasOld();
        hasNow();
        out.flush();
      };
      const print = printer(invocation);
      for await (const change of diffDisks(old, now, options)) {
        add(change);
        if (out.add(print.line(change))) flush();
      }
      out.add(print.end());
      flush();
      return tally;
    }),
  );
  if (different > 0) return EXIT.changes;
  if (unread > 0) throw untold(before, after, unread);
  return EXIT.done;
}

function optionsOf(invocation: Invocation) {
  const { flags, values, signal, command } = invocation;
  if (values.path !== undefined && values["path-base64"] !== undefined)
    throw usage(command, "--path and --path-base64 exclude one another");
  const path = values["path-base64"] === undefined ? values.path : pathOf(invocation, FROM_OPTION);
  return {
    choices: { before: placeOf(ofSide(invocation, "before")), after: placeOf(ofSide(invocation, "after")) },
    ...(path !== undefined && { path }),
    times: flags.has("times"),
    signal,
  };
}

/** Of no use to say that they are the same: something of them was not seen. */
function untold(before: string, after: string, unread: number): GuestkitError {
  const what = unread === 1 ? "1 part of them" : `${unread} parts of them`;
  return new GuestkitError(
    "E_DIFF_UNREAD",
    `Cannot tell whether "${before}" and "${after}" are the same: ${what} could not be read, and nothing else differs`,
    { help: "See what it is: guestkit diff --json BEFORE AFTER | jq 'select(.change == \"unread\")'" },
  );
}

/** Each warning once, however often the images are opened, behind the name of its image. */
function noting(images: Readonly<Record<"before" | "after", string>>) {
  const noted = new Set<string>();
  return (side: "before" | "after", warning: string): void => {
    const text = `${shown(images[side])}: ${shown(warning)}`;
    if (!noted.has(text)) note(text);
    noted.add(text);
  };
}

interface Printer {
  line(change: Change): string;
  end(): string;
}

/** Lines under the name of their group; with --json an object each; with --stat the counts alone, at the end. */
function printer({ flags }: Invocation): Printer {
  if (flags.has("json")) return { line: changeJson, end: () => "" };
  if (flags.has("stat")) {
    const counts = new Map<string, number>();
    const count = ({ group, change }: Change) => {
      const key = `${group} ${change}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return "";
    };
    return { line: count, end: () => statLines(counts) };
  }
  let last = "";
  return {
    line: (change) => {
      const title = heading(change);
      const isNew = title !== last;
      const text = `${isNew && last !== "" ? "\n" : ""}${isNew ? `${title}:\n` : ""}${changeLine(change)}`;
      last = title;
      return text;
    },
    end: () => "",
  };
}
