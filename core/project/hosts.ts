import { type Diagnostic, problem } from "../engine/diagnostic.ts";
import type { FieldPath } from "../engine/path.ts";
import { asGuestkitError } from "../kit/errors.ts";
import { hostNamed as demandHostName } from "../kit/host-name.ts";
import { excerpt } from "../kit/name.ts";
import { suggestion } from "../kit/nearest.ts";
import { isObject, type Value, type ValueObject } from "../model/value.ts";
import { known } from "./for-each.ts";
import type { Each, Scope } from "./scope.ts";
import { evaluate } from "./template.ts";

/** A machine that the file has things on, beside this one. */
export interface HostSetting {
  readonly name: string;
  /** `ssh://user@host:port`, or a name of ssh_config. */
  readonly address: string;
  /** Whether guestkit may be brought there. */
  readonly remoteInstall: boolean;
}

/** As the schema of the file has it. */
export const HOST_NAME = "^[A-Za-z_][A-Za-z0-9_-]*$";
const KEYS = ["address", "remote_install"];
const HELP = "Write: hosts: { NAME: { address: ssh://user@host } }";

/** The section `hosts`; variables and the environment are put in. */
export function readHosts(
  written: ValueObject,
  scope: Scope,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, HostSetting> {
  const all = Object.entries(written).map(([name, given]) => readHost(name, given, scope, diagnostics));
  return new Map(all.map((each) => [each.name, each]));
}

function readHost(name: string, written: Value, scope: Scope, diagnostics: Diagnostic[]): HostSetting {
  const path = ["hosts", name];
  const fault = (at: FieldPath, why: string, help = HELP) => {
    diagnostics.push(problem("E_PROJECT_HOST", at, `Cannot use the host "${name}": ${why}`, help));
  };
  if (!new RegExp(HOST_NAME).test(name)) fault(path, "its name has other characters than letters, digits, _ and -");
  const given = settled(written, { path, scope, each: null }, "hosts", diagnostics);
  if (given !== FAULT && given !== null && !isObject(given)) fault(path, "it must be a map");
  const settings = isObject(given) ? given : {};
  for (const key of Object.keys(settings).filter((each) => !KEYS.includes(each))) {
    fault([...path, key], `it has no "${key}"`, `${suggestion(key, KEYS)}Keys: ${KEYS.join(", ")}`);
  }
  const { address = name, remote_install: remoteInstall = true } = settings;
  if (typeof address !== "string") {
    fault([...path, "address"], "its address must be ssh://user@host:port, or a name of ssh_config");
  } else if (settings.address !== undefined) diagnostics.push(...faultsOf(address, [...path, "address"]));
  if (typeof remoteInstall !== "boolean") fault([...path, "remote_install"], "remote_install must be true or false");
  return { name, address: String(address), remoteInstall: remoteInstall !== false };
}

/** What speaks against an address, as the one says who reaches it. */
function faultsOf(address: string, at: FieldPath): readonly Diagnostic[] {
  try {
    demandHostName(address);
    return [];
  } catch (thrown) {
    const { message, help } = asGuestkitError(thrown);
    return [problem("E_PROJECT_HOST", at, message, help)];
  }
}

/** Where a value stands, and what its references may name. */
interface Place {
  readonly path: FieldPath;
  readonly scope: Scope;
  readonly each: Each | null;
}

/** The name that an entry's `host` has; null where it names no host of the file, which is told. */
export function hostNamed(
  written: Value,
  place: Place,
  hosts: ReadonlyMap<string, HostSetting>,
  diagnostics: Diagnostic[],
): string | null {
  const name = settled(written, place, "host", diagnostics);
  if (typeof name === "string" && hosts.has(name)) return name;
  if (name === FAULT || name === null) return null;
  const names = [...hosts.keys()];
  const message = `Cannot use host ${excerpt(JSON.stringify(name) ?? "")}: the file declares no such host`;
  const declare = names.length > 0 ? `Hosts: ${names.join(", ")}` : "Declare it: hosts: { NAME: { address: ... } }";
  diagnostics.push(problem("E_PROJECT_HOST", place.path, message, `${suggestion(String(name), names)}${declare}`));
  return null;
}

/** Stands for what was told already. */
const FAULT = "";

/** A fault is told where the value stands. */
function settled(written: Value, { path, scope, each }: Place, use: string, diagnostics: Diagnostic[]): Value {
  try {
    return evaluate(written, (reference) => known(reference, scope, use, each));
  } catch (thrown) {
    const { code, message, help, at } = asGuestkitError(thrown);
    diagnostics.push(problem(code, at?.field ?? path, message, help));
    return FAULT;
  }
}
