import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { openNamedFile, readBounded } from "@guestkit/core/engine";
import { GuestkitError, printable } from "@guestkit/core/kit";
import { documentText, type Import, importKvmxfile, type KeyNote, LARGEST, unreadWhy } from "@guestkit/core/kvmxfile";
import { EXIT, type Invocation } from "../command/command.ts";
import { usage } from "../command/parse.ts";
import { writeNew } from "../output/new-file.ts";
import { writeJson, writeOut } from "../output/stdout.ts";

const PRINTED = "-";

export async function run(invocation: Invocation): Promise<number> {
  const { positionals, values, flags, command } = invocation;
  const file = resolve(positionals[0] ?? "kvmxfile");
  const output = values.output === PRINTED ? PRINTED : resolve(values.output ?? join(dirname(file), "guestkit.yaml"));
  if (output === PRINTED && flags.has("json")) throw usage(command, "--output - and --json would both be printed");
  const found = translate(file, await readText(file), output, invocation);
  const text = documentText(found, basename(file));
  if (output === PRINTED) writeOut(text);
  else await writeNew(output, text, { overwrite: flags.has("overwrite"), code: "E_KVMXFILE_OUTPUT" });
  if (flags.has("json")) writeJson(documentOf(found, output));
  else (output === PRINTED ? writeNotes : writeOut)(report(found, output));
  return found.isWhole ? EXIT.done : EXIT.changes;
}

const writeNotes = (text: string) => void process.stderr.write(text);

function translate(file: string, text: string, output: string, { values, flags }: Invocation): Import {
  const target = output === PRINTED ? process.cwd() : dirname(output);
  try {
    return importKvmxfile(text, {
      vm: basename(dirname(file)),
      name: values.name,
      home: process.env.HOME ?? homedir(),
      user: process.env.USER ?? null,
      folder: relative(target, dirname(file)) || ".",
      keepImage: flags.has("keep-image"),
    });
  } catch (error) {
    throw error instanceof GuestkitError ? error.within({ file }) : error;
  }
}

/** Never more than a configuration has; a pipe is no file. */
async function readText(file: string): Promise<string> {
  await using opened = await openNamedFile(file);
  if (!opened) {
    throw new GuestkitError("E_KVMXFILE_MISSING", `Cannot open "${file}": there is no such file`, {
      at: { file },
      help: "Name it: guestkit import-kvmxfile FILE.",
    });
  }
  const excess = () =>
    new GuestkitError("E_KVMXFILE_SIZE", `Cannot read "${file}": it is longer than ${LARGEST / 1024} KiB`, {
      at: { file },
      help: "Is it a kvmxfile?",
    });
  return (await readBounded(opened, file, LARGEST, excess)).toString();
}

function documentOf({ name, keys, unread, isWhole }: Import, output: string): unknown {
  return {
    format_version: 1,
    output,
    name,
    complete: isWhole,
    keys,
    unread: unread.map(({ line, word, names }) => ({ line, word, keys: names, why: unreadWhy(names) })),
  };
}

const TITLES: readonly (readonly [KeyNote["status"], string])[] = [
  ["translated", "Translated"],
  ["not_needed", "Not needed"],
  ["partly", "Translated in part"],
  ["untranslated", "Not translated"],
];

function report(found: Import, output: string): string {
  const groups = TITLES.map(([status, title]) => {
    const rows = found.keys.filter((each) => each.status === status).map(rowOf);
    return rows.length > 0 ? `${title}:\n${rows.join("\n")}\n` : "";
  });
  const unread = found.unread.map(({ line, word, names }) => `  line ${line}  ${printable(word)}: ${unreadWhy(names)}`);
  const rest = unread.length > 0 ? `Not read:\n${unread.join("\n")}\n` : "";
  const written = output === PRINTED ? "" : `Wrote ${output}.\n`;
  return [...groups, rest, written].filter((each) => each !== "").join("\n");
}

function rowOf({ key, line, fields, why, instead }: KeyNote): string {
  const parts = [fields.length > 0 ? `-> ${fields.join(", ")}` : "", why ?? "", instead ? `Instead: ${instead}` : ""];
  return `  line ${line}  ${key}  ${printable(parts.filter((each) => each !== "").join(". "))}`;
}
