import { type Algorithm, digestsOf } from "../../build/hash.ts";
import type { QueryImplementation } from "../../engine/implementation.ts";
import { callerFiles } from "../../host/caller-files.ts";
import { keepAnswer, keptAnswer } from "../../host/kept-answer.ts";
import { openNamedFile } from "../../host/plain-file.ts";
import { stampOf } from "../../host/stamp.ts";
import { asCallerPath } from "../../kit/caller-path.ts";
import type { Context } from "../../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../../kit/errors.ts";
import { reasonOf } from "../../kit/system-error.ts";

export const fileDigest: QueryImplementation = {
  read: async ({ path, algorithm }, context) => {
    const file = await callerFiles(context).locate(asCallerPath(String(path)));
    return { digest: await digestOf(file, algorithm as Algorithm, context) };
  },
};

/** Plans ask for it again and again: what was read is remembered for as long as the file is untouched. */
async function digestOf(file: string, algorithm: Algorithm, context: Context): Promise<string> {
  const question = { folder: `${context.settings.cacheDir}/digests`, files: [file], key: [algorithm] };
  const kept = await keptAnswer<string>(question);
  if (kept !== null) return kept;
  const began = performance.now();
  const stamp = stampOf(file);
  const digest = await read(file, algorithm, context);
  if (stampOf(file) === stamp) {
    await keepAnswer(question, { stamps: { files: [[file, stamp]], age: performance.now() - began }, answer: digest });
  }
  return digest;
}

async function read(file: string, algorithm: Algorithm, context: Context): Promise<string> {
  await using handle = await openNamedFile(file).catch((error: unknown) => {
    throw unreadable(file, error instanceof GuestkitError ? whyOf(error) : reasonOf(error), error);
  });
  if (!handle) throw unreadable(file, "there is no such file");
  context.progress({ phase: "verifying", detail: file });
  const [digest = ""] = await digestsOf(handle, [algorithm], context.signal);
  return digest;
}

/** What stands behind the colon of a refusal. */
const whyOf = (error: GuestkitError): string => error.message.split(": ").at(-1) ?? error.message;

function unreadable(file: string, why: string, cause?: unknown): GuestkitError {
  return new GuestkitError("E_DIGEST_FILE", `Cannot read "${file}" for its digest: ${why}`, {
    ...(cause !== undefined && { cause: asGuestkitError(cause) }),
    at: { file, field: ["path"] },
    help: "Name a regular file that is there.",
  });
}
