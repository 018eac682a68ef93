import { type Diagnostic, demand, type EngineFace, hasErrors, type Plan, type Prepared } from "../engine/index.ts";
import { type CallerFiles, GuestkitError, type Progress } from "../kit/index.ts";
import {
  ANSWERING,
  type Contract,
  type ContractKind,
  contractOf,
  isObject,
  type Value,
  type ValueObject,
} from "../model/index.ts";
import { optionsIn } from "./call-options.ts";
import { decode } from "./codec.ts";
import { planIn } from "./plan.ts";
import { CODES, ProtocolError, type Request } from "./protocol.ts";
import { tellWayIn } from "./way-in.ts";

/** What a method is handed beside its parameters. */
export interface Call {
  readonly engine: EngineFace;
  readonly signal: AbortSignal;
  readonly progress: (event: Progress) => void;
  /** Asks the client on behalf of this request; rejects with its error, or with its loss. */
  readonly ask: (method: string, params: ValueObject) => Promise<unknown>;
  /** Those of a client on another machine. */
  readonly files?: CallerFiles;
}

type Method = (params: Request["params"], call: Call) => Promise<unknown>;

/** A plan that errors forbid: all of them go out with the first one's message. */
export class RefusedError extends GuestkitError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], first: GuestkitError) {
    super(first.code, first.message, { help: first.help, at: first.at });
    this.diagnostics = diagnostics;
  }
}

/** The methods that work on a contract, by name; each is thin over the engine. */
export const methods: Readonly<Record<string, Method>> = {
  validate: async (params, { engine }) => ({
    diagnostics: await engine.validate(contract(params), declaration(params)),
  }),
  plan: (params, call) => prepare(params, call),
  apply,
  observe: async (params, call) => {
    const known = named(params, optional(params, "config", "input", "prior"));
    return { state: await call.engine.observe(contract(params, "resource"), known, call) };
  },
  query: async (params, call) => ({
    output: await call.engine.query(contract(params, ...ANSWERING), declaration(params), call),
  }),
  preflight: async (params, call) => {
    const resource = contract(params, "resource");
    const config = wanted(params);
    return { diagnostics: await call.engine.preflight(resource, planIn(params), config, told(params, call)) };
  },
  action: (params, call) =>
    call.engine.action(remote(contract(params, "action")), declaration(params), {
      ...call,
      check: params.check === true,
    }),
  list: async (params, call) => {
    const where = optional(params, "config", "input") ?? {};
    return { ids: await call.engine.list(contract(params, "resource"), where, call) };
  },
  import: async (params, call) => ({
    state: await call.engine.import(contract(params, "resource"), text(params, "id"), told(params, call)),
  }),
  owner_of: async (params, { engine }) => {
    const owner = await engine.ownerOf(contract(params, "resource"), text(params, "id"));
    return { owner: owner ?? null, recorded: owner !== undefined };
  },
  is_ours: async (params, call) => ({
    ours: await call.engine.isOurs(contract(params, "resource"), text(params, "id"), call),
  }),
  way_in: async (params, call) => {
    const isLogin = params.login === true;
    const way = await call.engine.wayIn(contract(params, "resource"), text(params, "id"), { ...call, isLogin });
    return { way: way && (await tellWayIn(way, isLogin)) };
  },
  confirm_owner: silent("confirmOwner"),
  clear_gone: silent("clearGone"),
  clear_killed: silent("clearKilled"),
};

/** A method of the engine over a thing that is there or was, which gives nothing. */
function silent(name: "confirmOwner" | "clearGone" | "clearKilled"): Method {
  return async (params, call) => {
    await call.engine[name](contract(params, "resource"), text(params, "id"), told(params, call));
    return {};
  };
}

/** What the client says of a call beside its declaration. */
const told = (params: Request["params"], call: Call) => ({ ...call, ...optionsIn(params) });

/** Notifications that the engine takes, by name. */
export const notifications: Readonly<Record<string, (params: Request["params"], engine: EngineFace) => void>> = {
  planned: (params, engine) => engine.foresee(contract(params, "resource"), planIn(params)),
};

/** With `prior` in the parameters (null as well) nothing is read: the plan follows from it alone. */
async function prepare(params: Request["params"], call: Call): Promise<Prepared> {
  const resource = contract(params, "resource");
  const config = wanted(params);
  if (params.prior !== undefined) return planFrom(resource, optional(params, "prior"), config, call);
  if (config) return call.engine.prepare(resource, config, call);
  const known = named(params, optional(params, "config", "input"));
  return call.engine.prepare(resource, null, { ...call, prior: known });
}

async function planFrom(
  resource: Contract,
  prior: ValueObject | null,
  config: ValueObject | null,
  { engine }: Call,
): Promise<Prepared> {
  const declared = config ? await engine.validate(resource, config) : [];
  const plan = await engine.plan(resource, prior, hasErrors(declared) ? {} : config);
  return { plan: { ...plan, diagnostics: [...declared, ...plan.diagnostics] }, prior };
}

/** Prepares and carries out, or carries out the plan that is given; with `check` the plan alone, and what it foresees. */
async function apply(params: Request["params"], call: Call): Promise<unknown> {
  const resource = contract(params, "resource");
  if (params.plan !== undefined) {
    return { state: await call.engine.apply(resource, planIn(params), wanted(params), told(params, call)) };
  }
  const { plan, prior } = await prepare(params, call);
  refuse(plan);
  const changed = plan.action !== "none";
  if (params.check === true) return { changed, plan, prior, state: plan.planned };
  const state = changed ? await call.engine.apply(resource, plan, wanted(params), call) : prior;
  return { changed, plan, prior, state };
}

function refuse(plan: Plan): void {
  try {
    demand(plan.diagnostics);
  } catch (error) {
    throw error instanceof GuestkitError ? new RefusedError(plan.diagnostics, error) : error;
  }
}

/** Throws `E_ACTION_INTERACTIVE` for what needs a terminal. */
function remote(action: Contract): Contract {
  if (!action.interactive) return action;
  throw new GuestkitError("E_ACTION_INTERACTIVE", `Cannot run ${action.name} here: it needs a terminal`, {
    help: `Run it on the command line: guestkit ${action.aliases.cli?.name ?? action.name}`,
  });
}

function contract(params: Request["params"], ...kinds: readonly ContractKind[]): Contract {
  return contractOf(text(params, "contract"), ...kinds);
}

/** The declaration that is wanted; null where the thing is to be absent. */
function wanted(params: Request["params"]): ValueObject | null {
  if (params.absent === true || params.config === null) return null;
  return declaration(params);
}

/** `config` (of resources) and `input` (of queries and actions) are the same parameter. */
function declaration(params: Request["params"]): ValueObject {
  const found = optional(params, "config", "input");
  if (found) return found;
  throw new ProtocolError(CODES.params, "E_RPC_PARAMS", `Cannot go on: "config" or "input" must be an object`);
}

function optional(params: Request["params"], ...names: readonly string[]): ValueObject | null {
  const value: Value = names.map((name) => params[name]).find((each) => each !== undefined) ?? null;
  if (value === null) return null;
  const decoded = decode(value);
  if (isObject(decoded)) return decoded;
  throw new ProtocolError(CODES.params, "E_RPC_PARAMS", `Cannot go on: "${names[0]}" must be an object`);
}

/** What is known of a thing, with its `id` where the request names it. */
function named(params: Request["params"], known: ValueObject | null): ValueObject {
  return params.id === undefined ? { ...known } : { ...known, id: params.id };
}

function text(params: Request["params"], name: string): string {
  const value = params[name];
  if (typeof value === "string") return value;
  throw new ProtocolError(CODES.params, "E_RPC_PARAMS", `Cannot go on: "${name}" must be text`);
}
