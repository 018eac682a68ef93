import type { State } from "../engine/apply-error.ts";
import type { Diagnostic } from "../engine/diagnostic.ts";
import { hasErrors, problem, warning } from "../engine/diagnostic.ts";
import type { CallOptions } from "../engine/engine-face.ts";
import type { FieldPath } from "../engine/path.ts";
import type { Plan, PlanAction, Reason } from "../engine/plan.ts";
import { tellGiven } from "../engine/tellable.ts";
import { asGuestkitError, type GuestkitError } from "../kit/errors.ts";
import { SECRET } from "../kit/secrets.ts";
import { eachOf } from "../kit/shared-look.ts";
import { isWhollyKnown, UNKNOWN, type ValueObject } from "../model/value.ts";
import { type Going, goingThings } from "./going.ts";
import { LOOKED_AT, runGraph } from "./graph.ts";
import { declaredThings, leftBehind, type PlannedEntry, withLeft } from "./left-behind.ts";
import { stuckMoves } from "./moved.ts";
import { importCommand, ownerOptions } from "./owner.ts";
import { isOneMachine, placesOf } from "./places.ts";
import { labelOf, planRemovals, type Removals } from "./plan-removals.ts";
import { distinct, type Entry, type Project } from "./project.ts";
import { concealObject, concealReason } from "./secrets.ts";
import { engineAt, engineOn, type HostName, isHostFault, isSameHost, type Sites } from "./site.ts";
import { type Owned, type OwnedThings, ownedBy, thingAt } from "./state.ts";
import { Values } from "./values.ts";

/** What is to happen to one address. */
export interface ProjectChange {
  readonly address: string;
  /** The host of the file on which it happens; null: this one. */
  readonly host: HostName;
  readonly action: PlanAction;
  readonly reasons: readonly Reason[];
  /** The engine's plan; null for the removal of a thing. */
  readonly plan: Plan | null;
  readonly prior: State | null;
  /** What the thing is that the address leaves behind under another id. */
  readonly left?: State | null;
  /** The thing that goes: removed, or left behind under another id. */
  readonly removes: Owned | null;
  /** Paths of values that are shown nowhere. */
  readonly secrets: readonly FieldPath[];
  /** Of a thing that is to be made: what the file says of it, secrets marked. */
  readonly declared: ValueObject | null;
  /** The address that the thing had before. */
  readonly movedFrom?: string;
}

export interface ProjectPlan {
  readonly changes: readonly ProjectChange[];
  readonly outputs: ValueObject;
  /** Paths count from the file's root. */
  readonly diagnostics: readonly Diagnostic[];
  /** What a host that cannot be reached has, by address: nothing is known of it, and nothing is done to it. */
  readonly failures: Failures;
}

export type Failures = ReadonlyMap<string, GuestkitError>;

export interface ProjectCall extends Pick<CallOptions, "signal">, Sites {
  readonly owned: OwnedThings;
  /** What the apply removes, where that is known already. */
  readonly going?: Going;
}

/** Whether a change is one, if only of its address. */
export const isChange = ({ action, movedFrom }: ProjectChange): boolean => action !== "none" || movedFrom !== undefined;

/** Whether there is anything to do. */
export function hasChanges(plan: ProjectPlan): boolean {
  return plan.changes.some(isChange);
}

/** What an apply would do. Reads the world, changes nothing. */
export async function planProject(project: Project, call: ProjectCall): Promise<ProjectPlan> {
  if (hasErrors(project.diagnostics)) {
    return { changes: [], outputs: {}, diagnostics: project.diagnostics, failures: new Map() };
  }
  call.owned.reach(await placesOf(project, call));
  const going = await goingThings(project, call);
  const planner = new Planner(project, { ...call, going });
  const failures = await runGraph(project.entries, (address) => planner.entry(address), call.signal, LOOKED_AT);
  call.signal?.throwIfAborted();
  for (const [address, error] of failures) planner.blame(address, error);
  planner.compare();
  await planner.leave();
  const removals = await planRemovals(project.whole ? [] : unwanted(project, call.owned, planner), call);
  const told = [...leftAlone(call), ...stuckMoves(project.moves, call.owned.all), ...removals.diagnostics];
  return planner.result({ ...removals, diagnostics: told });
}

/** What a destroy would do: everything that the file owns goes, the last made first. */
export async function planDestroy(call: ProjectCall): Promise<ProjectPlan> {
  const { changes, diagnostics, failures } = await planRemovals(call.owned.all, call);
  return { changes, outputs: {}, diagnostics: [...leftAlone(call), ...diagnostics], failures };
}

/** What a list that is not this file's own has beside what the file declares. */
function leftAlone({ owned }: ProjectCall): Diagnostic[] {
  if (!owned.left || owned.left.things.length === 0) return [];
  const { list, of, things } = owned.left;
  const named = things.map(({ address, id }) => `${address} ("${id}")`).join(", ");
  const whose = of === null ? "was kept for all files of the folder" : `is the list of "${of}"`;
  const message = `"${list}" ${whose}: what it has beside this file's own is left alone: ${named}`;
  const help = "Nothing is to be done. What is to be this file's is declared in it, or imported.";
  return [warning("W_STATE_LEFT", [], message, help)];
}

/** Things of addresses that the file no longer has, but for those that it now declares under another address. */
function unwanted(project: Project, owned: OwnedThings, planner: Planner): readonly Owned[] {
  return owned.all.filter(
    (each) => !project.entries.has(each.address) && !planner.mayStandFor(each) && !planner.hasFailed(each),
  );
}

class Planner {
  readonly #project: Project;
  readonly #call: ProjectCall;
  readonly #values: Values;
  readonly #changes = new Map<string, ProjectChange>();
  /** By what each thing is. */
  readonly #addresses = new Map<string, string>();
  readonly #failures = new Map<string, GuestkitError>();
  readonly #diagnostics: Diagnostic[];
  #isDeclared: (thing: Owned) => boolean = () => false;

  constructor(project: Project, call: ProjectCall) {
    this.#project = project;
    this.#call = call;
    this.#values = new Values(project);
    this.#diagnostics = [...project.diagnostics];
  }

  async entry(address: string): Promise<void> {
    const entry = this.#project.entries.get(address) as Entry;
    const config = this.#values.config(entry);
    if (entry.contract.kind === "query") return this.#query(entry, config);
    const { change, diagnostics } = await planEntry(entry, config, this.#call);
    this.#report(entry, diagnostics);
    const movedFrom = this.#call.owned.formerOf(address);
    this.#changes.set(address, { ...change, ...(movedFrom !== null && { movedFrom }) });
    this.#values.set(address, change.plan?.planned ?? UNKNOWN);
  }

  /** Tells what entries leave behind, once it is known what all of them stand for. */
  async leave(): Promise<void> {
    this.#isDeclared = declaredThings(this.#project, this.#call.owned, this.#changes.values());
    await eachOf([...this.#changes.values()], LOOKED_AT, async (planned) => {
      const entry = this.#project.entries.get(planned.address) as Entry;
      const left = leftBehind(planned, this.#call.owned, this.#isDeclared);
      const change = left ? await this.#leaving(entry, planned, left) : planned;
      this.#changes.set(planned.address, { ...change, declared: this.#declared(entry, change) });
    });
  }

  async #leaving(entry: Entry, planned: ProjectChange, left: Owned): Promise<ProjectChange> {
    try {
      const { change, diagnostics } = await withLeft(entry, planned, left, this.#call);
      this.#report(entry, diagnostics);
      return change;
    } catch (error) {
      // It stays listed, for a time at which its host answers.
      if (isHostFault(error)) this.#failures.set(labelOf(left), asGuestkitError(error));
      else this.blame(planned.address, error);
      return planned;
    }
  }

  #declared({ contract, secrets, config }: Entry, { action }: ProjectChange): ValueObject | null {
    if (action !== "create" && action !== "replace") return null;
    return concealObject(tellGiven(contract.input, this.#values.shown(config), SECRET), secrets, SECRET);
  }

  /** Tells which entries stand for a thing that an earlier one of the file stands for, once all are planned. */
  compare(): void {
    for (const [address, entry] of this.#project.entries) {
      const plan = this.#changes.get(address)?.plan;
      if (!plan || typeof plan.id !== "string") continue;
      const thing = ownedBy(entry, plan.id);
      const other = this.addressOf(thing);
      if (other === undefined) this.#addresses.set(this.#call.owned.tell(thing), address);
      else this.#report(entry, [declaredTwice(entry, plan.id, this.#project.entries.get(other) as Entry)]);
    }
  }

  /** The first entry of the file that stands for a thing. */
  addressOf(thing: Owned): string | undefined {
    return this.#addresses.get(this.#call.owned.tell(thing));
  }

  /** Whether an entry of the file stands for a thing, or may, as far as it can be told once `leave` is done. */
  mayStandFor(thing: Owned): boolean {
    return this.addressOf(thing) !== undefined || this.#isDeclared(thing);
  }

  /** Whether an entry of a thing's machine could not be looked at: it may stand for anything there. */
  hasFailed(thing: Owned): boolean {
    return this.#failures.keys().some((address) => {
      const entry = this.#project.entries.get(address);
      return entry !== undefined && isOneMachine(thingAt(entry), thing, this.#call.owned.places);
    });
  }

  /** Read now where nothing below it changes, else at apply. */
  async #query(entry: Entry, config: ValueObject): Promise<void> {
    const engine = await engineOn(entry.host, this.#call);
    const diagnostics = await engine.validate(entry.contract, config);
    this.#report(entry, diagnostics);
    const settled = entry.needs.every((need) => (this.#changes.get(need)?.action ?? "none") === "none");
    const read = settled && isWhollyKnown(config) && !hasErrors(diagnostics);
    this.#values.set(
      entry.address,
      read ? await engine.query(entry.contract, config, { signal: this.#call.signal }) : UNKNOWN,
    );
  }

  #report(entry: Entry, diagnostics: readonly Diagnostic[]): void {
    this.#diagnostics.push(...diagnostics.map((each) => ({ ...each, path: [...entry.path, ...each.path] })));
  }

  /** What a host fails with is that address's own failure; anything else is a fault of the plan. */
  blame(address: string, thrown: unknown): void {
    if (isHostFault(thrown)) {
      this.#failures.set(address, asGuestkitError(thrown));
      return;
    }
    const { code, message, help, at } = asGuestkitError(thrown);
    const entry = this.#project.entries.get(address) as Entry;
    this.#report(entry, [problem(code, at?.field ?? [], message, help)]);
  }

  result(removals: Removals): ProjectPlan {
    const own = [...this.#project.entries.keys()].flatMap((address) => this.#changes.get(address) ?? []);
    const diagnostics = distinct([...this.#diagnostics, ...removals.diagnostics]);
    const outputs = hasErrors(diagnostics) ? {} : this.#values.outputs();
    const failures = new Map([...this.#failures, ...removals.failures]);
    return { changes: [...own, ...removals.changes], outputs, diagnostics, failures };
  }
}

/** Two entries for one thing would undo one another's work. */
function declaredTwice({ address, contract, host }: Entry, id: string, other: Entry): Diagnostic {
  const at = [contract.identity[0] ?? ""];
  const message = `Cannot use ${address}: ${other.address} declares "${id}" already`;
  if (host === other.host) return problem("E_PROJECT_TWICE", at, message, "Remove one of the two.");
  const names = [host, other.host].map((each) => (each === null ? "this host" : each)).join(" and ");
  const help =
    "Remove one of the two; or, where one is a clone of the other, give it a machine-id of its own (machine-id(5)).";
  return problem("E_PROJECT_TWICE", at, `${message}: ${names} are one machine, by its machine-id`, help);
}

/** One resource of the file, without what it leaves behind. Also used at apply, when what was unknown is known. */
export async function planEntry(entry: Entry, config: ValueObject, call: ProjectCall): Promise<PlannedEntry> {
  const engine = await engineOn(entry.host, call);
  const known = call.owned.at(entry.address).find((each) => isSameHost(each, entry));
  if (known) await engineAt(known, call);
  const { plan, prior } = await engine.prepare(entry.contract, config, entryOptions(entry, call));
  if (await isForeign(entry, plan, prior, call)) return foreign(entry, plan, prior, config, call);
  return { change: changeOf(entry, plan, prior), diagnostics: plan.diagnostics };
}

const entryOptions = (entry: Entry, call: ProjectCall): CallOptions => ({
  ...ownerOptions(call, thingAt(entry)),
  ...{ signal: call.signal, goes: call.going?.(entry.host) },
});

function changeOf(entry: Entry, plan: Plan, prior: State | null): ProjectChange {
  const { address, host, secrets } = entry;
  const reasons = plan.reasons.map((each) => concealReason(each, secrets));
  return { address, host, action: plan.action, reasons, plan, prior, removes: null, secrets, declared: null };
}

/** Whether the thing is there, and neither the file owns it nor guestkit made it. */
async function isForeign(entry: Entry, plan: Plan, prior: State | null, call: ProjectCall): Promise<boolean> {
  if (!prior || typeof plan.id !== "string" || call.owned.owns(ownedBy(entry, plan.id))) return false;
  return !(await (await engineOn(entry.host, call)).isOurs(entry.contract, plan.id, { signal: call.signal }));
}

/** It is replaced where the declaration says `overwrite`, else refused. */
async function foreign(
  entry: Entry,
  plan: Plan,
  prior: State | null,
  config: ValueObject,
  call: ProjectCall,
): Promise<PlannedEntry> {
  if (config.overwrite === true) {
    const engine = await engineOn(entry.host, call);
    const made = await engine.plan(entry.contract, null, config);
    const ahead = await engine.preflight(entry.contract, made, config, entryOptions(entry, call));
    const declared = await engine.validate(entry.contract, config);
    return { change: changeOf(entry, made, null), diagnostics: [...declared, ...made.diagnostics, ...ahead] };
  }
  const id = String(plan.id);
  const message = `Cannot take over "${id}": it is there, and guestkit did not make it`;
  const replaceable = entry.contract.input.some((field) => field.name === "overwrite");
  const instead = replaceable ? "; or set overwrite to true to replace it" : "";
  const help = `Import it: ${importCommand(thingAt(entry), id, call.owned.file)}${instead}.`;
  const refusal = problem("E_PROJECT_FOREIGN", [entry.contract.identity[0] ?? ""], message, help);
  return { change: changeOf(entry, plan, prior), diagnostics: [...plan.diagnostics, refusal] };
}
