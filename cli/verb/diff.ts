import { type Change, diffDisks } from "@guestkit/core/diff";
import { reading } from "@guestkit/core/inspect";
import { EXIT, type Invocation } from "../command/command.ts";
import { usage } from "../command/parse.ts";
import { changeJson, changeLine, heading, statLines } from "../output/change-text.ts";
import { TextOut } from "../output/stdout.ts";
import { shown } from "../output/table.ts";
import { note, placeOf } from "./place.ts";

const COUNTING = "Count its lines: guestkit diff --json BEFORE AFTER | jq -r .group | sort | uniq -c. ";

export async function run(invocation: Invocation): Promise<number> {
  const { positionals, flags, values, signal, command } = invocation;
  if (flags.has("stat") && flags.has("json")) throw usage(command, "--json and --stat exclude one another", COUNTING);
  const [before = "", after = ""] = positionals;
  const place = placeOf(invocation);
  const warn = noting({ before, after });
  // The second is opened once for each time that the first one is: both are what they are at that time.
  const isDifferent = await reading(before, place, (old, hasOld) =>
    reading(after, place, async (now, hasNow) => {
      const out = new TextOut();
      let count = 0;
      const flush = () => {
        hasOld();
        hasNow();
        out.flush();
      };
      const options = {
        ...(values.path !== undefined && { path: values.path }),
        times: flags.has("times"),
        signal,
        warn,
      };
      const print = printer(invocation);
      for await (const change of diffDisks(old, now, options)) {
        count++;
        if (out.add(print.line(change))) flush();
      }
      out.add(print.end());
      flush();
      return count > 0;
    }),
  );
  return isDifferent ? EXIT.changes : EXIT.done;
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
