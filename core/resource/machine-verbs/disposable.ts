import { execInGuest, type GuestResult, guestAnswer, runScript, type Via } from "../../communicator/index.ts";
import { type DisposableOptions, type DisposablePlace, sharesOf, withDisposable } from "../../disposable/index.ts";
import type { ActionImplementation } from "../../engine/implementation.ts";
import { callerFiles } from "../../host/caller-files.ts";
import { asCallerPath } from "../../kit/caller-path.ts";
import type { Context } from "../../kit/context.ts";
import type { ValueObject } from "../../model/value.ts";
import { texts } from "./texts.ts";

type Use = (place: DisposablePlace, input: ValueObject, more: Streams) => Promise<GuestResult>;

interface Streams {
  readonly via: Via;
  readonly input?: string;
  readonly timeoutMs: number;
}

const verb = (use: Use): ActionImplementation => ({
  run: async (input, { check }, context) => {
    if (check) return { changed: true, output: { exit_code: 0, stdout: "", stderr: "" } };
    return { changed: true, output: guestAnswer(await within(input, use, context)) };
  },
});

function within(input: ValueObject, use: Use, context: Context): Promise<GuestResult> {
  const streams = {
    via: input.via as Via,
    timeoutMs: Number(input.timeout) * 1000,
    ...(typeof input.input === "string" && { input: input.input }),
  };
  return withDisposable(optionsOf(input), context, (place) => use(place, input, streams));
}

function optionsOf(input: ValueObject): DisposableOptions {
  const { base, name, network, memory, cpus, quota, shares, image_format: format } = input;
  return {
    base: String(base),
    quotaBytes: Number(quota),
    shares: sharesOf(texts(shares)),
    ...(typeof name === "string" && { name }),
    ...(typeof network === "boolean" && { network }),
    ...(typeof memory === "number" && { memory }),
    ...(typeof cpus === "number" && { cpus }),
    ...((format === "raw" || format === "qcow2") && { format }),
    allowBackingFiles: input.allow_backing_files === true,
  };
}

export const vmDisposable = verb(({ machine, folder, run, context }, { command }, streams) =>
  execInGuest(machine, folder, run, { argv: texts(command), ...streams }, context),
);

export const vmDisposableRun = verb(async ({ machine, folder, run, context }, { file, args }, streams) => {
  const script = await callerFiles(context).locate(asCallerPath(String(file)));
  return await runScript({ machine, folder, run }, { file: script, args: texts(args), ...streams }, context);
});
