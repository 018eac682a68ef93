import { resolve } from "node:path";
import { type SbomFormat, sbom } from "@guestkit/core/sbom";
import { EXIT, type Invocation } from "../command/command.ts";
import { writeJson, writeOut } from "../output/stdout.ts";
import { shown } from "../output/table.ts";
import { note, placeOf } from "./place.ts";

const PRINTED = "-";

export async function run(invocation: Invocation): Promise<number> {
  const { positionals, values, flags } = invocation;
  const format = (values.format ?? "cyclonedx") as SbomFormat;
  const facts = flags.has("languages") ? (["languages"] as const) : [];
  const { text, ...made } = await sbom(positionals[0] ?? "", format, { ...placeOf(invocation), facts });
  const answer = { serial_number: made.serial, total: made.total, warnings: made.warnings };
  const isJson = flags.has("json");
  if (!isJson) for (const warning of made.warnings) note(shown(warning));
  if (values.output === undefined || values.output === PRINTED) {
    if (isJson) writeJson({ content: text, ...answer });
    else writeOut(text);
    return EXIT.done;
  }
  const output = resolve(values.output);
  // Whoever prints it needs nothing of this.
  const { writeNew } = await import("../output/new-file.ts");
  await writeNew(output, text, { overwrite: flags.has("overwrite"), code: "E_SBOM_OUTPUT" });
  if (isJson) writeJson({ output, format, ...answer });
  return EXIT.done;
}
