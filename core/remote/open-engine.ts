import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { EngineFace } from "../engine/engine-face.ts";
import { resolveSettings } from "../host/settings.ts";
import type { Progress, Settings } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { spellOwner } from "../kit/owner.ts";
import { PROTOCOL, VERSION } from "../kit/version.ts";
import { isObject, type ValueObject } from "../model/value.ts";
import { createEngine } from "../resource/index.ts";
import { type Conversation, converse } from "./conversation.ts";
import { RemoteEngine } from "./engine.ts";
import { type Host, hostNamed } from "./host.ts";
import { inTime } from "./in-time.ts";
import { keysThere } from "./keys.ts";
import { HostLink, type Opened, type Opening } from "./link.ts";
import { LET_BRING, mayBring, whatMayBeBrought } from "./may-bring.ts";

/** Where an engine is to work, and how. */
export interface Where {
  /** `ssh://[user@]host[:port]` or a name of ssh's configuration; this machine where left out. */
  readonly host?: string | null | undefined;
  /** Whether the engine may be brought there; the host's own guestkit is used otherwise. True where left out; see `mayBring`. */
  readonly remoteInstall?: boolean | undefined;
  readonly settings?: Partial<Settings> | undefined;
  /** Where relative host paths start: here the working directory, on a host the user's home folder. */
  readonly baseDir?: string | undefined;
  /** Where relative paths of what declarations bring along start, on this machine; the working directory where left out. */
  readonly callerDir?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((event: Progress) => void) | undefined;
}

/** How long another command that is at work on a thing is waited for on a host, s: a cut line may have left it there. */
const REMOTE_PATIENCE = 600;

const opened = new Map<string, Promise<EngineFace>>();

/**
 * An engine on this machine or on a host, one for all that ask for the same. Throws `E_HOST_NAME`,
 * `E_HOST_UNREACHABLE`, `E_HOST_ENGINE`, `E_HOST_VERSION`.
 */
export async function openEngine(where: Where = {}): Promise<EngineFace> {
  const { host, baseDir, settings = {} } = where;
  if (!host) return createEngine({ settings, ...(baseDir !== undefined && { baseDir }) });
  const key = JSON.stringify([host, baseDir, callerDirOf(where), mayBring(where), settings]);
  const engine = opened.get(key) ?? openRemote(hostNamed(host), where);
  opened.set(key, engine);
  // The next one may find it up.
  engine.catch(() => opened.delete(key));
  return await engine;
}

const callerDirOf = ({ callerDir = process.cwd() }: Where): string => resolve(callerDir);

async function openRemote(host: Host, where: Where): Promise<EngineFace> {
  const first = await openLine(host, where, where);
  // Each time by the call that needs it: the one that came first may be stopped since.
  const again = async (opening: Opening) => sameMachine(host, first, await openLine(host, where, opening));
  const { machine_id, base_dir, settings } = first.hello;
  const machine = { host: host.name, id: typeof machine_id === "string" ? machine_id : null };
  const { owner } = where.settings ?? {};
  const there = { ...settingsOf(isObject(settings) ? settings : {}), ...(owner && { owner }) };
  const baseDir = typeof base_dir === "string" ? base_dir : "/";
  const pure = createEngine({ baseDir, callerDir: callerDirOf(where), settings: there });
  return new RemoteEngine(machine, pure, new HostLink(first, again));
}

/**
 * What is known and planned is of the machine, the folders and the settings that it began with: a name that leads to more than
 * one machine would have things taken for gone, and made a second time. Throws `E_HOST_CHANGED`.
 */
function sameMachine(host: Host, first: Opened, now: Opened): Opened {
  const other = (["machine_id", "base_dir", "settings"] as const).find(
    (name) => !isDeepStrictEqual(first.hello[name] ?? null, now.hello[name] ?? null),
  );
  if (other === undefined) return now;
  now.conversation.close();
  const what = other === "machine_id" ? "another machine answers" : `it answers with another ${other}`;
  throw new GuestkitError(
    "E_HOST_CHANGED",
    `Cannot go on with the host "${host.name}": ${what} after the line was cut`,
    {
      help: `Let the name lead to one machine (ssh ${host.name} cat /etc/machine-id), then run again.`,
    },
  );
}

async function openLine(host: Host, where: Where, { signal, progress }: Opening): Promise<Opened> {
  const conversation = await converse(host, { payloads: await whatMayBeBrought(where), signal, progress });
  try {
    const hello = () => initialize(host, conversation, where);
    return { conversation, hello: await inTime(host, hello, { end: conversation.close, signal }) };
  } catch (error) {
    conversation.close();
    throw error;
  }
}

async function initialize(host: Host, { client }: Conversation, where: Where): Promise<ValueObject> {
  const { owner, keys, dataDir, cacheDir, runtimeDir, mirror, lockTimeout = patience() } = where.settings ?? {};
  const hello = await client.call("initialize", {
    protocol: PROTOCOL,
    client: { name: "guestkit", version: VERSION },
    ...(where.baseDir !== undefined && { base_dir: where.baseDir }),
    caller_dir: callerDirOf(where),
    ...(owner && { owner: spellOwner(owner), take_over: owner.takeOver }),
    ...(keys && { keys: await keysThere(keys, callerDirOf(where)) }),
    settings: {
      ...{ data_dir: dataDir, cache_dir: cacheDir, runtime_dir: runtimeDir },
      ...{ mirror, lock_timeout: lockTimeout },
    },
    ...{ detached: true, contracts: false },
  });
  const { server } = hello;
  const version = isObject(server) ? server.version : null;
  if (version === VERSION) return hello;
  const message = `Cannot use the host "${host.name}": it has guestkit ${String(version)}, and this is ${VERSION}`;
  throw new GuestkitError("E_HOST_VERSION", message, {
    help: `Install the same release there, or let it be brought there: ${LET_BRING}.`,
  });
}

function patience(): number {
  const { GUESTKIT_LOCK_TIMEOUT } = process.env;
  return GUESTKIT_LOCK_TIMEOUT ? (resolveSettings().lockTimeout ?? REMOTE_PATIENCE) : REMOTE_PATIENCE;
}

function settingsOf({ data_dir, cache_dir, runtime_dir, mirror, lock_timeout }: ValueObject): Partial<Settings> {
  return {
    ...(typeof data_dir === "string" && { dataDir: data_dir }),
    ...(typeof cache_dir === "string" && { cacheDir: cache_dir }),
    ...(typeof runtime_dir === "string" && { runtimeDir: runtime_dir }),
    mirror: typeof mirror === "string" ? mirror : null,
    ...(typeof lock_timeout === "number" && { lockTimeout: lock_timeout }),
  };
}
