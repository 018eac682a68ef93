import { asGuestkitError } from "../kit/errors.ts";
import { isWhollyKnown, UNKNOWN, type ValueObject } from "../model/value.ts";
import { runGraph } from "./graph.ts";
import { partOf } from "./part.ts";
import type { Failures, ProjectCall } from "./plan.ts";
import type { Entry, Project } from "./project.ts";
import { engineOn, isHostFault } from "./site.ts";
import { references } from "./template.ts";
import { Values } from "./values.ts";

/** Values of outputs, and what hosts that cannot be reached have, by address: outputs that need it are left out. */
export interface OutputValues {
  readonly values: ValueObject;
  readonly failures: Failures;
}

/**
 * Outputs by the things as they are now, secret ones too; UNKNOWN where a thing is not there. Only what these outputs
 * need is looked at. Throws what looking at it throws, `E_REFERENCE_ENV` and `E_REFERENCE_FILE`.
 */
export async function readOutputs(
  project: Project,
  names: readonly string[],
  call: ProjectCall,
): Promise<OutputValues> {
  const part = partOf(
    project,
    names.flatMap((name) => addressesIn(project, name)),
  );
  const values = new Values(project);
  const read = (address: string) => readEntry(project.entries.get(address) as Entry, values, call);
  const failures = await runGraph(part.entries, read, call.signal);
  for (const [, thrown] of failures) if (!isHostFault(thrown)) throw asGuestkitError(thrown);
  const isKnown = (name: string) => {
    const needed = partOf(project, addressesIn(project, name)).entries;
    return failures.keys().every((address) => !needed.has(address));
  };
  return {
    values: Object.fromEntries(names.filter(isKnown).map((name) => [name, values.output(name)])),
    failures: new Map([...failures].map(([address, thrown]) => [address, asGuestkitError(thrown)])),
  };
}

const addressesIn = ({ outputs }: Project, name: string): readonly string[] =>
  [...references(outputs[name] ?? null)].flatMap(([each]) => (each.kind === "entry" ? [each.address] : []));

async function readEntry(entry: Entry, values: Values, call: ProjectCall): Promise<void> {
  const { address, contract } = entry;
  const engine = await engineOn(entry.host, call);
  const options = { signal: call.signal };
  const config = values.told(entry);
  if (contract.kind === "resource") {
    values.set(address, (await engine.observe(contract, config, options)) ?? UNKNOWN);
  } else {
    values.set(address, isWhollyKnown(config) ? await engine.query(contract, config, options) : UNKNOWN);
  }
}
