import type { Report } from "@guestkit/core/inspect";
import { GuestkitError } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../../command/command.ts";
import { usage } from "../../command/parse.ts";
import { printError } from "../../output/error.ts";
import { calm } from "../../output/json.ts";
import { writeOut } from "../../output/stdout.ts";
import { shown } from "../../output/table.ts";
import { note } from "../place.ts";
import { describe } from "./describe.ts";
import { optionsOf } from "./options.ts";
import { inspectAll } from "./pool.ts";
import type { ErrorReport, Inspection } from "./task.ts";

/** Each image by itself: those that cannot be inspected are told, and make the exit code 1. */
export async function inspectSeveral(invocation: Invocation): Promise<number> {
  const { signal: _, askKey: __, ...place } = await optionsOf(invocation);
  const options = { place, jobs: jobsOf(invocation), unordered: invocation.flags.has("unordered") };
  const show = invocation.flags.has("json") ? showLine : showText;
  let failed = 0;
  for await (const inspection of inspectAll(invocation.positionals, options)) {
    if (inspection.error) failed++;
    show(inspection);
  }
  return failed > 0 ? EXIT.failed : EXIT.done;
}

function jobsOf({ values, command }: Invocation): number | undefined {
  if (values.jobs === undefined) return undefined;
  const jobs = Number(values.jobs);
  if (Number.isSafeInteger(jobs) && jobs > 0 && jobs <= 256) return jobs;
  throw usage(command, `--jobs must be a number from 1 to 256, not "${values.jobs}"`);
}

function showLine({ image, report, error }: Inspection): void {
  const head = `{"image":${JSON.stringify(image)}`;
  writeOut(`${calm(error ? `${head},"error":${JSON.stringify(error)}}` : `${head},"report":${report}}`)}\n`);
}

function showText({ image, report, error }: Inspection): void {
  if (error) {
    printError(asError(error), false);
    return;
  }
  const told = JSON.parse(report) as Report;
  writeOut(`${shown(image)}:\n${describe(told).replace(/^(?=.)/gm, "  ")}\n`);
  for (const warning of told.warnings) note(`${shown(image)}: ${shown(warning)}`);
}

function asError({ code, message, help }: ErrorReport): GuestkitError {
  return new GuestkitError(code, message, { help: help ?? undefined });
}
