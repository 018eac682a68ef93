import { asGuestkitError } from "../kit/errors.ts";
import { isWhollyKnown, UNKNOWN, type ValueObject } from "../model/value.ts";
import { runGraph } from "./graph.ts";
import { partOf } from "./part.ts";
import type { ProjectCall } from "./plan.ts";
import type { Entry, Project } from "./project.ts";
import { references } from "./template.ts";
import { Values } from "./values.ts";

/**
 * Outputs by the things as they are now, secret ones too; UNKNOWN where a thing is not there. Only what these outputs
 * need is looked at. Throws what looking at it throws, `E_REFERENCE_ENV` and `E_REFERENCE_FILE`.
 */
export async function readOutputs(project: Project, names: readonly string[], call: ProjectCall): Promise<ValueObject> {
  const wanted = names.flatMap((name) => [...references(project.outputs[name] ?? null)]);
  const part = partOf(
    project,
    wanted.flatMap(([each]) => (each.kind === "entry" ? [each.address] : [])),
  );
  const values = new Values(project);
  const read = (address: string) => readEntry(project.entries.get(address) as Entry, values, call);
  const failures = await runGraph(part.entries, read, call.signal);
  for (const [, thrown] of failures) throw asGuestkitError(thrown);
  return Object.fromEntries(names.map((name) => [name, values.output(name)]));
}

async function readEntry(entry: Entry, values: Values, call: ProjectCall): Promise<void> {
  const { address, contract } = entry;
  const config = values.told(entry);
  if (contract.kind === "resource") {
    values.set(address, (await call.engine.observe(contract, config, call)) ?? UNKNOWN);
  } else {
    values.set(address, isWhollyKnown(config) ? await call.engine.query(contract, config, call) : UNKNOWN);
  }
}
