import { dirname } from "node:path";
import { isDeclared } from "../engine/adopt.ts";
import { ApplyError, demand } from "../engine/apply-error.ts";
import type { CallOptions } from "../engine/engine-face.ts";
import type { Plan } from "../engine/plan.ts";
import { makeOwnFolder } from "../host/folder.ts";
import { takeLock } from "../host/lock.ts";
import type { Progress } from "../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import { contractOf } from "../model/registry.ts";
import type { ValueObject } from "../model/value.ts";
import { orderApply, type Turn } from "./apply-order.ts";
import { runGraph } from "./graph.ts";
import { declaredThings, leftBehind, withLeft } from "./left-behind.ts";
import { anotherOwner, ownerOptions } from "./owner.ts";
import { placesOf } from "./places.ts";
import { type ProjectCall, type ProjectChange, type ProjectPlan, planEntry } from "./plan.ts";
import type { Entry, Project } from "./project.ts";
import { type OrderedRemoval, orderRemovals } from "./removal-order.ts";
import { engineAt, engineOn, siteOf } from "./site.ts";
import { contractNameOf, listedAt, type Owned, statePath, thingAt } from "./state.ts";
import { Values } from "./values.ts";

export interface ApplyCall extends ProjectCall {
  /** Progress of one address. */
  readonly progressFor?: (address: string) => (event: Progress) => void;
  /** An address is done. */
  readonly onDone?: (change: Pick<ProjectChange, "address" | "action">) => void;
}

export interface ApplyOutcome {
  readonly outputs: ValueObject;
  /** What failed, by address; things that need it were left alone. */
  readonly failures: ReadonlyMap<string, GuestkitError>;
}

/** Keeps two applies of one file apart: the second goes by what the first has made. Throws `E_LOCKED`. */
export async function lockProject(projectFile: string, call: ProjectCall): Promise<AsyncDisposable> {
  const { engine, owned, signal = new AbortController().signal } = call;
  const context = { signal, settings: engine.settings };
  await makeOwnFolder(dirname(statePath(projectFile)));
  const lock = await takeLock(statePath(projectFile), context, { name: projectFile });
  await owned.reload();
  return lock;
}

/** Carries a plan out in the order of apply-order.ts, what is independent side by side. */
export async function applyProject(project: Project, plan: ProjectPlan, call: ApplyCall): Promise<ApplyOutcome> {
  await call.owned.settle();
  const places = await placesOf(project, call);
  call.owned.reach(places);
  const turns = orderApply(project, plan.changes, places);
  const run = new ApplyRun(project, plan, { isFreed: turns.size > project.entries.size }, call);
  const failures = await runGraph(turns, (key) => run.turn(turns.get(key) as Turn), call.signal);
  const failed = [...failures].map(([key, error]) => [turns.get(key)?.address ?? key, asGuestkitError(error)] as const);
  const all = new Map([...plan.failures, ...failed]);
  return { outputs: all.size > 0 ? {} : run.outputs(), failures: all };
}

/**
 * Removes what is to go: what stands on another thing before that, independent ones side by side. Where one fails, what it
 * stands on stays. `entries` are those of the file. Gives what failed, by address.
 */
export async function applyRemovals(
  { changes, failures: unreached }: Pick<ProjectPlan, "changes" | "failures">,
  call: ApplyCall,
  entries?: Project["entries"],
): Promise<ReadonlyMap<string, GuestkitError>> {
  const order = orderRemovals(changes, entries, call.owned.places);
  const at = (key: string) => (order.get(key) as OrderedRemoval<ProjectChange>).change;
  const remove = async (key: string) => {
    const { address, removes } = at(key);
    const isGone = removes ? await removeThing(removes, call) : true;
    if (isGone) call.onDone?.({ address, action: "delete" });
  };
  const failures = await runGraph(order, remove, call.signal);
  const failed = [...failures].map(([key, error]) => [at(key).address, asGuestkitError(error)] as const);
  return new Map([...unreached, ...failed]);
}

/** False where it is another's by now, and no longer listed. */
async function removeThing(thing: Owned, call: ApplyCall): Promise<boolean> {
  if (await anotherOwner(thing, call)) {
    await call.owned.remove(thing);
    return false;
  }
  const contract = contractOf(contractNameOf(thing.address), "resource");
  const engine = await engineAt(thing, call);
  const { plan } = await engine.prepare(contract, null, {
    ...optionsOf(thing, call),
    prior: { id: thing.id },
  });
  demand(plan.diagnostics);
  const options = optionsOf(thing, call);
  if (plan.action === "none") await engine.clearGone(contract, thing.id, options);
  else await engine.apply(contract, plan, null, options);
  await call.owned.remove(thing);
  return true;
}

function optionsOf(on: Pick<Owned, "address" | "host">, call: ApplyCall): CallOptions {
  return { ...ownerOptions(call, on), signal: call.signal, progress: call.progressFor?.(on.address) };
}

class ApplyRun {
  readonly #project: Project;
  readonly #planned: ReadonlyMap<string, ProjectChange>;
  readonly #call: ApplyCall;
  readonly #values: Values;
  /** Whether something goes, which may have been in an entry's way when it was planned. */
  readonly #isFreed: boolean;
  readonly #unreached: ProjectPlan["failures"];
  readonly #changed = new Set<string>();
  #isDeclared: ((thing: Owned) => boolean) | null = null;

  constructor(project: Project, plan: ProjectPlan, { isFreed }: { readonly isFreed: boolean }, call: ApplyCall) {
    this.#project = project;
    this.#isFreed = isFreed;
    this.#unreached = plan.failures;
    this.#planned = new Map(plan.changes.map((each) => [each.address, each]));
    this.#call = call;
    this.#values = new Values(project);
  }

  outputs(): ValueObject {
    return this.#values.outputs();
  }

  async turn({ address, removes }: Turn): Promise<void> {
    if (!removes) return await this.#entry(address);
    const isGone = await removeThing(removes, this.#call);
    // What an entry leaves behind goes by the way.
    if (isGone && !this.#project.entries.has(address)) this.#call.onDone?.({ address, action: "delete" });
  }

  async #entry(address: string): Promise<void> {
    const unreached = this.#unreached.get(address);
    if (unreached) throw unreached;
    const entry = this.#project.entries.get(address) as Entry;
    const config = this.#values.config(entry);
    if (entry.contract.kind === "query") {
      const engine = await engineOn(entry.host, this.#call);
      this.#values.set(address, await engine.query(entry.contract, config, optionsOf(thingAt(entry), this.#call)));
      return;
    }
    const change = await this.#settled(entry, config);
    const state = await this.#carryOut(entry, change, config);
    this.#values.set(address, state);
    if (change.removes && !this.#planned.get(address)?.removes) await removeThing(change.removes, this.#call);
    if (change.action === "none") {
      const engine = await engineOn(entry.host, this.#call);
      return await engine.clearKilled(entry.contract, String(state.id), optionsOf(thingAt(entry), this.#call));
    }
    this.#changed.add(address);
    this.#call.onDone?.(change);
  }

  /** The plan as it was shown, or made anew where a value was unknown then. */
  async #settled(entry: Entry, config: ValueObject): Promise<ProjectChange> {
    const planned = this.#planned.get(entry.address);
    if (planned?.plan && inputsKnown(entry, planned)) {
      await this.#lookAgain(entry, planned.plan, config);
      return planned;
    }
    const { change, diagnostics } = await planEntry(entry, config, this.#call);
    demand(diagnostics);
    this.#isDeclared ??= declaredThings(this.#project, this.#call.owned, this.#planned.values());
    const left = leftBehind(change, this.#call.owned, this.#isDeclared);
    return left ? await this.#leaving(entry, change, left) : change;
  }

  async #leaving(entry: Entry, made: ProjectChange, left: Owned): Promise<ProjectChange> {
    const { change, diagnostics } = await withLeft(entry, made, left, this.#call);
    demand(diagnostics);
    return change;
  }

  /** What was judged by the declaration of a thing that was not there yet is judged by the thing itself. */
  async #lookAgain(entry: Entry, plan: Plan, config: ValueObject): Promise<void> {
    if (!this.#isFreed && !entry.needs.some((need) => this.#changed.has(need))) return;
    const engine = await engineOn(entry.host, this.#call);
    demand(await engine.preflight(entry.contract, plan, config, optionsOf(thingAt(entry), this.#call)));
  }

  async #carryOut(entry: Entry, { plan, prior }: ProjectChange, config: ValueObject): Promise<ValueObject> {
    if (!plan || typeof config !== "object") throw lost(entry);
    const site = await siteOf(entry.host, this.#call);
    const { engine } = site;
    const own = (id: unknown) => this.#call.owned.add(listedAt(entry, String(id), site));
    try {
      const state =
        plan.action === "none"
          ? prior
          : await engine.apply(entry.contract, plan, config, optionsOf(thingAt(entry), this.#call));
      if (!state) throw lost(entry);
      if (plan.action !== "none" || (await this.#isIts(entry, String(state.id)))) await own(state.id);
      return state;
    } catch (error) {
      // What a failed create left behind is the file's own: the next apply or destroy deals with it.
      if (error instanceof ApplyError && error.state && plan.action !== "none") await own(error.state.id);
      throw error;
    }
  }

  /** What nobody owns and nothing is done to stays nobody's, so that it does not go with the entry. */
  async #isIts(entry: Entry, id: string): Promise<boolean> {
    const { contract } = entry;
    const { owned } = this.#call;
    const engine = await engineOn(entry.host, this.#call);
    const options = optionsOf(thingAt(entry), this.#call);
    if (owned.isRenamed) await engine.confirmOwner(contract, id, options);
    return options.isListed?.(id) === true || (await engine.ownerOf(contract, id)) !== null;
  }
}

function inputsKnown(entry: Entry, { plan }: ProjectChange): boolean {
  if (!plan || typeof plan.id !== "string") return false;
  return isDeclared(entry.contract.input, plan.planned ?? {});
}

function lost(entry: Entry): GuestkitError {
  return new GuestkitError("E_APPLY_VANISHED", `Cannot finish ${entry.address}: it is not there`, {
    help: "Something else took it away meanwhile: look what that is, then run again.",
  });
}
