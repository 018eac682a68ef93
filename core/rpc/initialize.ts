import { homedir } from "node:os";
import type { EngineFace } from "../engine/engine-face.ts";
import type { Settings } from "../kit/context.ts";
import { excerpt } from "../kit/name.ts";
import { type Actor, parseOwner, spellOwner } from "../kit/owner.ts";
import { PROTOCOL, VERSION } from "../kit/version.ts";
import { contracts } from "../model/index.ts";
import { isObject, type Value } from "../model/value.ts";
import { createEngine } from "../resource/index.ts";
import { decode } from "./codec.ts";
import { keysIn } from "./keys.ts";
import { CODES, ProtocolError, type Request } from "./protocol.ts";

/** What a conversation starts with. */
export interface Initialized {
  readonly engine: EngineFace;
  /** An apply or import that runs goes on to its end when the line is cut. */
  readonly isDetached: boolean;
  /** The client is on another machine: what lies on its side is asked for. */
  readonly isApart: boolean;
  readonly answer: object;
}

/** Where the client's things are, where that is another host than the server's. */
export interface Far {
  readonly host: string;
  readonly remoteInstall: boolean;
  readonly baseDir?: string;
  readonly settings: Partial<Settings>;
}

/** Opens an engine there; what speaks with other hosts stands above this layer. */
export type OpenFar = (far: Far, signal: AbortSignal) => Promise<EngineFace>;

interface Opening {
  readonly openFar: OpenFar | undefined;
  /** Stops the request. */
  readonly signal: AbortSignal;
}

/**
 * At once, but where the client names another host. Throws `E_RPC_PROTOCOL`, `E_RPC_PARAMS`, `E_OWNER_NAME`, `E_KEYS`,
 * `E_SETTING`, and what opening that host's engine throws.
 */
export function initialize(
  params: Request["params"],
  { openFar, signal }: Opening,
): Initialized | Promise<Initialized> {
  checkProtocol(params.protocol, params.client);
  const owner = actorOf(params);
  const keys = keysIn(decode(params.keys ?? null));
  const settings = { ...settingsIn(params.settings ?? null), ...(owner && { owner }), ...(keys && { keys }) };
  const baseDir = typeof params.base_dir === "string" && { baseDir: params.base_dir };
  const { host, caller_dir: callerDir, remote_install } = params;
  if (typeof host === "string") {
    if (!openFar || callerDir !== undefined) throw noWayOn(host);
    const far = { host, remoteInstall: remote_install !== false, ...baseDir, settings };
    return openFar(far, signal).then((engine) => initialized(engine, params));
  }
  return initialized(
    createEngine({ ...baseDir, ...(typeof callerDir === "string" && { callerDir }), settings }),
    params,
  );
}

function initialized(engine: EngineFace, params: Request["params"]): Initialized {
  const answer = { ...describe(engine), ...(params.contracts !== false && { contracts }) };
  return { engine, isDetached: params.detached === true, isApart: typeof params.caller_dir === "string", answer };
}

const noWayOn = (host: string) =>
  new ProtocolError(
    CODES.params,
    "E_RPC_PARAMS",
    `Cannot go on to the host "${excerpt(host)}": this server works for another machine already, or on its own alone`,
    "Start guestkit rpc where ssh leads to that host.",
  );

function describe({ settings, baseDir, machine }: EngineFace): object {
  return {
    server: { name: "guestkit", version: VERSION },
    protocol: PROTOCOL,
    runtime: { node: process.versions.node },
    machine_id: machine.id,
    ...{ home: homedir(), base_dir: baseDir },
    settings: {
      data_dir: settings.dataDir,
      cache_dir: settings.cacheDir,
      runtime_dir: settings.runtimeDir,
      mirror: settings.mirror,
      lock_timeout: settings.lockTimeout ?? null,
      owner: settings.owner ? spellOwner(settings.owner) : null,
    },
  };
}

/** What the client sets in place of the environment here. */
function settingsIn(value: Value): Partial<Settings> {
  if (!isObject(value)) return {};
  const { data_dir, cache_dir, runtime_dir, mirror, lock_timeout } = value;
  return {
    ...(typeof data_dir === "string" && { dataDir: data_dir }),
    ...(typeof cache_dir === "string" && { cacheDir: cache_dir }),
    ...(typeof runtime_dir === "string" && { runtimeDir: runtime_dir }),
    ...(typeof mirror === "string" && { mirror }),
    ...(typeof lock_timeout === "number" && { lockTimeout: lock_timeout }),
  };
}

/** For whom the client works; null where it names nobody. */
function actorOf({ owner, take_over }: Request["params"]): Actor | null {
  if (owner === undefined || owner === null) return null;
  const parsed = typeof owner === "string" ? parseOwner(owner) : null;
  if (parsed) return { ...parsed, ...(typeof take_over === "string" && { takeOver: take_over }) };
  const what = `"${excerpt(String(owner))}" is no owner: a face, or a face and a project behind a colon`;
  throw new ProtocolError(
    CODES.params,
    "E_OWNER_NAME",
    `Cannot initialize: ${what}`,
    'As in "ansible" or "ansible:shop".',
  );
}

function checkProtocol(wanted: unknown, client: unknown): void {
  if (wanted === PROTOCOL) return;
  const names = typeof client === "object" && client !== null ? Object.values(client) : [client ?? "client"];
  const who = excerpt(names.filter((each) => typeof each !== "object").join(" "));
  throw new ProtocolError(
    CODES.guestkit,
    "E_RPC_PROTOCOL",
    `Cannot talk to ${who}: it speaks protocol ${excerpt(JSON.stringify(wanted ?? null))}, guestkit ${VERSION} speaks ${PROTOCOL}`,
    "Install the guestkit release that belongs to it on this host.",
  );
}
