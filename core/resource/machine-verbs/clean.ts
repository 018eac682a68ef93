import { stat } from "node:fs/promises";
import { scan, type Verdict } from "../../disposable/clean/clamav.ts";
import { mat } from "../../disposable/clean/mat.ts";
import { besideOriginal } from "../../disposable/clean/output.ts";
import { cleanPdf } from "../../disposable/clean/pdf-cleaner.ts";
import { ageInDays, isOld } from "../../disposable/clean/signatures.ts";
import type { ActionImplementation } from "../../engine/implementation.ts";
import { decodeName } from "../../kit/name.ts";
import { parseSize } from "../../kit/size.ts";
import type { Value, ValueObject } from "../../model/value.ts";
import { texts } from "./texts.ts";

const textOrNull = (value: Value | undefined): string | null => (typeof value === "string" ? value : null);
const count = <T>(things: readonly T[], is: (thing: T) => boolean): number => things.filter(is).length;

export const vmMat: ActionImplementation = {
  run: async (input, { check }, context) => {
    if (check) return { changed: true, output: { files: [], exit_code: 0 } };
    const options = {
      lightweight: input.lightweight === true,
      output: textOrNull(input.output),
      overwrite: input.overwrite === true,
      most: bytesOf(input.max_size),
      timeout: Number(input.timeout),
    };
    const results = await mat(String(input.base), texts(input.paths), options, context);
    const files = results.map(({ path, status, writtenTo, message }) => ({
      path,
      status,
      written_to: writtenTo,
      message,
    }));
    const cleaned = count(results, ({ status }) => status === "cleaned");
    return { changed: cleaned > 0, output: { files, exit_code: cleaned === files.length ? 0 : 1 } };
  },
};

export const vmPdfCleaner: ActionImplementation = {
  run: async (input, { check }, context) => {
    const path = String(input.path);
    const output = textOrNull(input.output);
    if (check) return { changed: true, output: { written_to: output ?? besideOriginal(path), pages: 0, size: 0 } };
    const options = {
      dpi: Number(input.dpi),
      grey: input.grey === true,
      maxPages: Number(input.max_pages),
      output,
      overwrite: input.overwrite === true,
      most: bytesOf(input.max_size),
      timeout: Number(input.timeout),
    };
    const { writtenTo, pages } = await cleanPdf(String(input.base), path, options, context);
    return { changed: true, output: { written_to: writtenTo, pages, size: (await stat(writtenTo)).size } };
  },
};

export const vmClamav: ActionImplementation = {
  run: async (input, { check }, context) => {
    const none = { infected: 0, unscanned: 0, signatures: 0, database_age_days: 0, engine: "", exit_code: 0 };
    if (check) return { changed: false, output: { files: [], ...none } };
    const options = {
      database: String(input.database),
      most: bytesOf(input.max_size),
      maxFiles: Number(input.max_files),
      fileTimeout: Number(input.file_timeout),
      timeout: Number(input.timeout),
    };
    const { verdicts, signatures, loaded, version } = await scan(
      String(input.base),
      String(input.path),
      options,
      context,
    );
    const days = ageInDays(signatures);
    const phase = `${loaded} signatures, ${days} days old${isOld(days) ? ": too old, run freshclam" : ""}`;
    context.progress({ phase, warning: true });
    const infected = count(verdicts, ({ verdict }) => verdict === "infected");
    const unscanned = count(verdicts, isUnscanned);
    const shown = input.infected_only === true ? verdicts.filter(({ verdict }) => verdict !== "clean") : verdicts;
    const exit_code = infected > 0 ? 1 : unscanned > 0 ? 2 : 0;
    const sums = { infected, unscanned, signatures: loaded, database_age_days: days, engine: version, exit_code };
    return { changed: false, output: { files: shown.map(row), ...sums } };
  },
};

/** Links and the like hold nothing to scan. */
const isUnscanned = ({ verdict, isContent }: Verdict): boolean =>
  isContent && (verdict === "error" || verdict === "skipped");

function row({ path, verdict, signature, message }: Verdict): ValueObject {
  const { text, base64 } = decodeName(path);
  return { path: text, path_base64: base64, verdict, signature, message };
}

const bytesOf = (value: Value | undefined): number => (typeof value === "number" ? value : parseSize(String(value)));
