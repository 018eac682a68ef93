import { type Diagnostic, warning } from "../../engine/diagnostic.ts";
import type { FieldPath } from "../../engine/path.ts";
import { isList, isObject, type Value, type ValueObject } from "../../model/value.ts";
import type { ReadDocument } from "../../seed/document.ts";

/** By which cloud-init tells what a document is (doc/userdata_formats). Anything else is passed over with a warning. */
const HEADERS = [
  "#cloud-config",
  "#!",
  "#include",
  "#cloud-boothook",
  "#part-handler",
  "#upstart-job",
  "## template: jinja",
  "Content-Type:",
  "MIME-Version:",
];
const USER_DATA = ["user_data", "secret_user_data"];
const YAML = ["meta_data", "network_config"];

/** What cloud-init passes over in documents that are given as they are, and says that it is done all the same. */
export async function validateDocuments(input: ValueObject, at: FieldPath): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const name of [...USER_DATA, ...YAML]) {
    const text = input[name];
    if (typeof text !== "string") continue;
    const path = [...at, name];
    if (USER_DATA.includes(name)) found.push(...userData(text, path));
    if (YAML.includes(name) || /^#cloud-config(?=\s|$)/.test(text)) found.push(...(await yaml(text, path)));
  }
  return found;
}

function userData(text: string, path: FieldPath): readonly Diagnostic[] {
  if (!HEADERS.some((each) => text.startsWith(each))) {
    const message = `cloud-init passes over a user-data document that starts with none of ${HEADERS.join(", ")}`;
    return [warning("W_USER_DATA_HEADER", path, message, "Start it with #cloud-config, or with #! for a script.")];
  }
  const program = /^(?:#cloud-boothook\s*)?#!([^\r\n]*)\r/.exec(text);
  if (!program) return [];
  const message = `the script's lines end with a carriage return, and so its interpreter is "${program[1]?.trim()}^M", which is nowhere`;
  return [warning("W_USER_DATA_SCRIPT", path, message, "Save the script with line ends of Unix (LF alone): dos2unix.")];
}

async function yaml(text: string, path: FieldPath): Promise<readonly Diagnostic[]> {
  const { readDocument } = await import("../../seed/document.ts");
  const read = readDocument(text);
  if (read.fault !== null) return [dropped(read, path)];
  const twice = read.duplicates.map((key) =>
    warning(
      "W_CLOUD_INIT_DUPLICATE",
      path,
      `${path.at(-1) === "secret_user_data" ? "a key" : `"${key}"`} stands there twice in one mapping, and the last one alone counts`,
      "Put both into one, or take one out.",
    ),
  );
  return [...twice, ...commands(read.value, path)];
}

function dropped({ fault, line }: ReadDocument, path: FieldPath): Diagnostic {
  const where = line === null ? "" : ` (line ${line})`;
  const message = `cloud-init drops the whole document, which it cannot read as YAML${where}: ${fault}`;
  return warning(
    "W_CLOUD_INIT_YAML",
    path,
    message,
    "Correct that line: nothing of the document is carried out, and cloud-init says that it is done.",
  );
}

/** One entry that is no command keeps all of them from running (util.py, shellify). */
function commands(value: ValueObject | null, path: FieldPath): readonly Diagnostic[] {
  return ["bootcmd", "runcmd"].flatMap((name) => {
    const entries: Value = value?.[name] ?? null;
    const wrong = isList(entries) ? entries.findIndex((each) => typeof each !== "string" && !isList(each)) : -1;
    if (!isList(entries) || wrong < 0) return [];
    const what = isObject(entries[wrong] as Value)
      ? 'a mapping (a command with ": " in it needs quotes)'
      : "neither text nor a list";
    const message = `${name}[${wrong}] is ${what}, and so cloud-init runs none of ${name}`;
    return [warning("W_USER_DATA_COMMAND", path, message, `Put the command into quotes: - 'echo "a: b"'.`)];
  });
}
