import { clearKilledBeside, demand } from "@guestkit/core/engine";
import { describeOwner, GuestkitError } from "@guestkit/core/kit";
import { type Contract, contractOf, type ValueObject } from "@guestkit/core/model";
import { createEngine } from "@guestkit/core/resource";
import { EXIT, type Invocation } from "../command/command.ts";
import { usage } from "../command/parse.ts";
import { sourceOf } from "../contract/command.ts";
import { inputOf } from "../contract/input.ts";
import { fieldOptions } from "../contract/options.ts";
import { progressDisplay } from "../output/progress.ts";
import { writeJson } from "../output/stdout.ts";

/** Makes one disk image from flags: the same contract, engine and refusals as a declaration. */
export async function run(invocation: Invocation): Promise<number> {
  const { flags, signal, positionals } = invocation;
  const contract = contractOf("disk_image", "resource");
  const engine = createEngine();
  const config = declare(invocation, contract);
  demand(await engine.validate(contract, config));
  if (!flags.has("overwrite") && (await engine.observe(contract, config, { signal }))) {
    // One that was killed at its end leaves the image and something beside it: nothing else would come across that.
    await clearKilledBeside(String(engine.identify(contract, config)), { signal }).catch(() => {});
    throw exists(config);
  }
  const owner = await engine.ownerOf(contract, String(engine.identify(contract, config)));
  if (owner) process.stderr.write(`note: "${positionals[0]}" belongs to ${describeOwner(owner)}\n`);
  using display = progressDisplay();
  const plan = await engine.plan(contract, null, config);
  const told = [...plan.diagnostics, ...(await engine.preflight(contract, plan, config, { signal }))];
  demand(told);
  for (const { message } of told) display.show({ phase: "note", detail: message, warning: true });
  const state = await engine.apply(contract, plan, config, { signal, progress: display.show });
  display.clear();
  if (flags.has("json")) writeJson(state);
  return EXIT.done;
}

function declare(invocation: Invocation, contract: Contract): ValueObject {
  const { positionals, values, flags, command } = invocation;
  const { size, format, source, backing, fs, label, scheme } = values;
  const kind = values["image-format"];
  const allow = flags.has("allow-backing-files") && { allow_backing_files: true };
  const from = { ...(kind && { format: kind }), ...allow };
  const of = inputOf(sourceOf(contract), invocation);
  const alone = source ? undefined : fieldOptions(sourceOf(contract)).find(({ name }) => values[name] !== undefined);
  if (alone) throw usage(command, `--${alone.name} is about a source: name that with --source`);
  const partition = { name: "data", ...(fs && { filesystem: fs }), ...(label && { label }) };
  return {
    path: positionals[0] ?? "",
    ...(format && { format }),
    ...(size && { size }),
    ...(source && { source: { url: source, ...of, ...from } }),
    ...(backing && { backing_file: backing, ...(kind && { backing_format: kind }), ...allow }),
    ...((fs || scheme) && { layout: { ...(scheme && { scheme }), partitions: fs ? [partition] : [] } }),
    ...(flags.has("overwrite") && { overwrite: true }),
  };
}

function exists({ path }: ValueObject): GuestkitError {
  return new GuestkitError("E_IMAGE_EXISTS", `Cannot create "${String(path)}": the file is there already`, {
    at: { file: String(path) },
    help: "Choose another name, or add --overwrite to replace it.",
  });
}
