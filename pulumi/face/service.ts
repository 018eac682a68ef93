import { ApplyError, type Diagnostic, hasErrors, type Machine, type Plan } from "@guestkit/core/engine";
import { type Contract, UNKNOWN, type ValueObject } from "@guestkit/core/model";
import { type Difference, differenceOf } from "./diff.ts";
import { Failure, PartialFailure } from "./failure.ts";
import { demandMachineOf } from "./host.ts";
import { withObserved } from "./ignored.ts";
import { demandKey, keyInState, keyOf } from "./key.ts";
import { causes, errorText, failures, refusal } from "./message.ts";
import { exportedName } from "./names.ts";
import { withVersions } from "./secrets.ts";
import { inState, ofStack, type Surroundings } from "./surroundings.ts";
import {
  declarationOf,
  foreseenOutputs,
  IMPORT_KEY,
  machineIn,
  outputsOf,
  PROVIDER_KEY,
  type Properties,
  stateOf,
} from "./values.ts";

/** One resource contract as the SDK's dynamic provider calls it (interface ResourceProvider of @pulumi/pulumi). */
export class ResourceService {
  readonly #contract: Contract;
  readonly #open: () => Promise<Surroundings>;
  /** Ids whose replacement was planned: the check that follows makes their create sure, and their delete comes first. */
  readonly #replacing: Set<string>;

  /** `replacing`: shared by those that serve one run. */
  constructor(contract: Contract, open: () => Promise<Surroundings>, replacing = new Set<string>()) {
    this.#contract = contract;
    this.#open = open;
    this.#replacing = replacing;
  }

  /** What is wrong with the declaration, and with creating it where there is no older one. */
  async check(olds: Properties, news: Properties) {
    const surroundings = await this.#reached();
    const isNew = Object.keys(olds).length === 0;
    const inputs = withVersions(this.#contract.input, isNew ? null : olds, news);
    const config = declarationOf(this.#contract, inputs);
    const declared = await surroundings.engine.validate(this.#contract, config);
    const ahead = isNew && !hasErrors(declared) ? await this.#aheadOfCreate(surroundings, config, news) : [];
    const diagnostics = [...declared, ...ahead];
    this.#warn(surroundings, diagnostics);
    return { inputs, failures: failures(this.#contract, diagnostics) };
  }

  async #aheadOfCreate(
    surroundings: Surroundings,
    config: ValueObject,
    news: Properties,
  ): Promise<readonly Diagnostic[]> {
    const { engine } = surroundings;
    const id = engine.identify(this.#contract, config);
    if (id === UNKNOWN || this.#replacing.has(id)) return [];
    const adopted = news[IMPORT_KEY];
    if (typeof adopted === "string") return this.#aheadOfImport(surroundings, adopted, config);
    const plan = await engine.plan(this.#contract, null, config);
    return [...plan.diagnostics, ...(await engine.preflight(this.#contract, plan, config, ofStack(surroundings)))];
  }

  /** Adopting changes nothing but the record: what would replace the thing is refused. */
  async #aheadOfImport(
    surroundings: Surroundings,
    adopted: string,
    config: ValueObject,
  ): Promise<readonly Diagnostic[]> {
    const plan = await this.#planImport(surroundings, adopted, config);
    if (!plan) return [importProblem(`Cannot import "${adopted}": there is no such thing`, [])];
    const refused = plan.replaces.map((path) =>
      importProblem(`Cannot import "${adopted}": ${String(path[0])} is declared otherwise than it is`, path),
    );
    return [...plan.diagnostics, ...refused];
  }

  async #planImport(
    { engine, note, signal }: Surroundings,
    adopted: string,
    config: ValueObject,
  ): Promise<Plan | null> {
    const prior = await engine.observe(
      this.#contract,
      { ...config, id: keyOf(engine, this.#contract, adopted) },
      { signal },
    );
    if (!prior) return null;
    const plan = await engine.plan(this.#contract, prior, config);
    note(`${exportedName(this.#contract)} ${String(prior.id)} is there and is taken over`);
    return plan;
  }

  /** For a thing of the state: it is looked for on its own machine alone. */
  async #openFor(id: string, properties: Properties): Promise<Surroundings> {
    const surroundings = await this.#reached();
    await this.#told(() => demandMachineOf(id, machineIn(properties), surroundings.engine.machine));
    return surroundings;
  }

  /** For what the state is believed of: its id must be its key. */
  async #openOwn(id: string, properties: Properties): Promise<Surroundings> {
    const surroundings = await this.#openFor(id, properties);
    await this.#told(async () => demandKey(surroundings.engine, this.#contract, id, properties));
    return surroundings;
  }

  /** A host that cannot be reached is told as any other failure is. */
  #reached(): Promise<Surroundings> {
    return this.#told(this.#open);
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new Failure(errorText(this.#contract, error));
    }
  }

  /**
   * Observes first, since a preview does not read. `previews`: an update that is refused is told by its preview, so that a
   * refresh, which compares as well, ends.
   */
  async diff(id: string, olds: Properties, news: Properties, options: Comparing = {}): Promise<Difference> {
    const surroundings = await this.#openOwn(id, olds);
    const { engine, note } = surroundings;
    const { plan, prior, config } = await this.#compare(surroundings, id, olds, news, options);
    const ahead = await engine.preflight(this.#contract, plan, config, inState(surroundings, id));
    const diagnostics = [...plan.diagnostics, ...ahead];
    this.#warn(surroundings, diagnostics);
    if (!(options.previews && plan.action === "update")) this.#refuse(diagnostics);
    const isRefused = diagnostics.some(({ severity }) => severity === "error");
    if (plan.action !== "none" && !isRefused)
      for (const line of causes(this.#contract, plan, options.isSecret)) note(line);
    const difference = differenceOf(this.#contract, plan, prior);
    if (difference.replaces.length > 0) this.#replacing.add(id);
    return difference;
  }

  /** The outputs as far as they can be told before anything is done; without an `id` those of a thing that is to be made. */
  async preview(id: string | null, olds: Properties, news: Properties, options: Changing = {}) {
    if (id !== null) {
      const { plan } = await this.#planUpdate(await this.#openOwn(id, olds), id, olds, news, options);
      return foreseenOutputs(this.#contract, plan.planned ?? {});
    }
    const { engine } = await this.#reached();
    const config = declarationOf(this.#contract, news);
    const { planned } = await engine.plan(this.#contract, null, config);
    return foreseenOutputs(this.#contract, planned ?? {});
  }

  async create(inputs: Properties) {
    const surroundings = await this.#reached();
    const { engine } = surroundings;
    const config = declarationOf(this.#contract, inputs);
    const id = String(engine.identify(this.#contract, config));
    const adopted = inputs[IMPORT_KEY];
    const prior =
      typeof adopted === "string" && !this.#replacing.has(id)
        ? await this.#failing(inputs, id, engine.machine, () =>
            engine.import(this.#contract, keyOf(engine, this.#contract, adopted), { owner: surroundings.owner }),
          )
        : null;
    this.#replacing.delete(id);
    const plan = await engine.plan(this.#contract, prior, config);
    const ahead = prior ? [] : await engine.preflight(this.#contract, plan, config, ofStack(surroundings));
    this.#refuse([...plan.diagnostics, ...ahead]);
    return { id, outs: await this.#apply(surroundings, plan, config, id, inputs, prior) };
  }

  async update(id: string, olds: Properties, news: Properties, options: Changing = {}) {
    const surroundings = await this.#openOwn(id, olds);
    const { plan, prior, config } = await this.#planUpdate(surroundings, id, olds, news, options);
    return { outs: await this.#apply(surroundings, plan, config, id, news, prior) };
  }

  async #planUpdate(surroundings: Surroundings, id: string, olds: Properties, news: Properties, options: Changing) {
    const compared = await this.#compare(surroundings, id, olds, news, options);
    const { plan, config } = compared;
    const ahead = await surroundings.engine.preflight(this.#contract, plan, config, inState(surroundings, id));
    this.#refuse([...plan.diagnostics, ...ahead]);
    return compared;
  }

  /** What is to be done about a thing as it is now. */
  async #compare(
    { engine, signal }: Surroundings,
    id: string,
    olds: Properties,
    news: Properties,
    { ignored = [] }: Changing,
  ) {
    const prior = await engine.observe(this.#contract, stateOf(this.#contract, id, olds), { signal });
    const config = withObserved(this.#contract, declarationOf(this.#contract, news), prior, ignored);
    return { prior, config, plan: await engine.plan(this.#contract, prior, config) };
  }

  async #apply(
    surroundings: Surroundings,
    plan: Plan,
    config: ValueObject,
    id: string,
    inputs: Properties,
    prior: ValueObject | null,
  ): Promise<Record<string, unknown>> {
    const state = await this.#failing(inputs, id, surroundings.engine.machine, () =>
      surroundings.watched((signal) => {
        const options = prior ? inState(surroundings, id) : { owner: surroundings.owner };
        const { progress } = surroundings;
        return surroundings.engine.apply(this.#contract, plan, config, { ...options, signal, progress });
      }),
    );
    return outputsOf(this.#contract, (plan.action === "none" ? prior : state) ?? {}, surroundings.engine.machine);
  }

  async #failing<T>(inputs: Properties, id: string, machine: Machine, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const message = errorText(this.#contract, error);
      const left = error instanceof ApplyError ? error.state : null;
      if (!left) throw new Failure(message);
      const properties = { ...outputsOf(this.#contract, left, machine), [PROVIDER_KEY]: inputs[PROVIDER_KEY] };
      throw new PartialFailure(message, id, properties);
    }
  }

  /** Without properties it is a look-up by id (`DiskImage.get`). The id in the answer is the thing's key, however it was typed. */
  async read(id: string, properties: Properties = {}) {
    const isKnown = Object.keys(properties).length > 0;
    const { engine, signal } = await (isKnown ? this.#openFor(id, properties) : this.#reached());
    const key = keyInState(engine, this.#contract, id, properties);
    const prior = stateOf(this.#contract, key, properties);
    const state = await this.#failing(properties, key, engine.machine, () =>
      engine.observe(this.#contract, prior, { signal }),
    );
    return state ? { id: key, props: outputsOf(this.#contract, state, engine.machine) } : { id: "" };
  }

  async delete(id: string, properties: Properties) {
    const surroundings = await this.#openOwn(id, properties);
    const { engine, watched } = surroundings;
    const known = inState(surroundings, id);
    const prior = stateOf(this.#contract, id, properties);
    const { plan } = await engine.prepare(this.#contract, null, { ...known, prior });
    this.#refuse(plan.diagnostics);
    this.#warn(surroundings, plan.diagnostics);
    if (plan.action === "none") return;
    await this.#failing({}, id, engine.machine, () =>
      watched((signal) =>
        engine.apply(this.#contract, plan, null, { ...known, signal, progress: surroundings.progress }),
      ),
    );
  }

  #refuse(diagnostics: readonly Diagnostic[]): void {
    if (hasErrors(diagnostics)) throw new Failure(refusal(this.#contract, diagnostics));
  }

  #warn({ note }: Surroundings, diagnostics: readonly Diagnostic[]): void {
    for (const each of diagnostics) if (each.severity === "warning") note(each.message, true);
  }
}

/** How a change is asked for. */
interface Changing {
  /** Pulumi's paths at which nothing is changed (`ignoreChanges`): what is there counts as declared. */
  readonly ignored?: readonly string[] | undefined;
}

interface Comparing extends Changing {
  readonly previews?: boolean | undefined;
  /** Whether what is at a path, with Pulumi's names, is shown to nobody. */
  readonly isSecret?: ((path: readonly (string | number)[]) => boolean) | undefined;
}

function importProblem(message: string, path: Diagnostic["path"]): Diagnostic {
  return { severity: "error", code: "E_IMPORT_MISMATCH", message, path, help: undefined };
}
