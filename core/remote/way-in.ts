import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type SshTarget, sshConfig } from "../communicator/ssh/index.ts";
import { makeOwnFolder } from "../host/folder.ts";
import { mayBeThere } from "../host/look.ts";
import { resolveSettings } from "../host/settings.ts";
import { writeWhole } from "../host/whole-file.ts";
import { GuestkitError } from "../kit/errors.ts";
import { shellJoin } from "../kit/shell.ts";
import type { Contract, Reachable } from "../model/contract.ts";
import { contracts } from "../model/index.ts";
import type { Value, ValueObject } from "../model/value.ts";
import { hostNamed } from "./host.ts";
import { proxyCommand } from "./there.ts";
import { isName, type WayTold, wayTold } from "./way-told.ts";

/** A thing of a host that people log in to, and where this side keeps what is needed for that. */
export interface Entrance {
  readonly host: string;
  /** Of the thing. */
  readonly id: string;
}

/** What leads there from here, of what was kept. */
export interface KeptWay {
  readonly target: SshTarget;
  /** Null where the thing's host keys are not known yet: the first ones are taken then. */
  readonly knownHosts: string | null;
  readonly config: string;
}

/** What a folder may be called; `%` where a name says more. */
const folderName = (name: string): string =>
  encodeURIComponent(name).replace(/^\.+$/, (dots) => dots.replaceAll(".", "%2E"));

function placesOf({ host, id }: Entrance) {
  const folder = join(resolveSettings().dataDir, "hosts", folderName(host), folderName(id));
  const at = (name: string) => join(folder, name);
  const keys = { own: at("ssh_key"), declared: at("declared_key") };
  return { folder, keys, knownHosts: at("known_hosts"), config: at("ssh_config") };
}

/** The thing whose ways in a query or an action tells, and the input field that names it. */
export interface WaysTold {
  readonly thing: Contract;
  readonly reachable: Reachable;
  readonly by: string;
}

/** Null where it tells none. Its output fields that are called as the thing's own mean the same. */
export function waysToldBy({ input, output }: Contract): WaysTold | null {
  for (const { name, refersTo } of input) {
    const thing = contracts.find((each) => each.name === refersTo);
    const { reachable } = thing ?? {};
    const names = PARTS.map((part) => reachable?.[part]);
    if (thing && reachable && output.some((field) => names.includes(field.name))) return { thing, reachable, by: name };
  }
  return null;
}

/** All that says how a thing is logged in to. */
const PARTS = ["host", "port", "user", "key", "knownHosts", "config", "command"] as const;

/**
 * An answer of a host as it is true on this side. Of ways in, nothing is believed that was not checked and kept: a word of
 * the host's is handed to ssh by whoever reads it, and without a way kept it would lead elsewhere.
 */
export function waysHere(answer: ValueObject, reachable: Reachable, id: string, kept: KeptWay | null): ValueObject {
  const here = kept === null ? null : fieldsOf(kept);
  const fields = PARTS.flatMap((part) => {
    const name = reachable[part];
    return name !== undefined && name in answer ? [[name, here?.[part] ?? null] as const] : [];
  });
  return { ...answer, ...("id" in answer && { id }), ...Object.fromEntries(fields) };
}

const fieldsOf = ({ target, knownHosts, config }: KeptWay) => ({
  ...{ host: target.host, port: target.port, user: target.user, key: target.keyFile },
  ...{ knownHosts, config, command: shellJoin(["ssh", "-F", config, target.name]) },
});

/** Lets go of what is kept of a thing that is gone. */
export async function forgetWayIn(entrance: Entrance): Promise<void> {
  await rm(placesOf(entrance).folder, { recursive: true, force: true });
}

/**
 * Keeps what a host says of the way into a thing of its own, and gives the way from here: by ssh to the host, where
 * guestkit joins it to the thing. Throws `E_HOST_GUEST` for an answer that is none.
 */
export async function keepWayIn(told: Value, entrance: Entrance): Promise<KeptWay> {
  const way = wayTold(told);
  if (way === null || !isName(entrance.id)) throw odd(entrance);
  const { folder, keys, knownHosts, config } = placesOf(entrance);
  await makeOwnFolder(folder);
  const { host, port, user, ownKey, hostKeys } = way;
  const target = {
    ...{ name: entrance.id, host, port, user, ownKey },
    ...{ keyFile: await keepKey(way, keys), knownHostsFile: knownHosts, logFolder: folder },
    proxyCommand: proxyCommand(hostNamed(entrance.host), entrance.id),
  };
  const isPinned = hostKeys.length > 0;
  if (isPinned) await writeWhole(knownHosts, hostKeys.map((each) => `${entrance.id} ${each}\n`).join(""));
  // It may have been made anew: what an earlier one was known by would shut the way.
  else await rm(knownHosts, { force: true });
  await writeWhole(config, sshConfig(target, isPinned));
  return { target, knownHosts: isPinned ? knownHosts : null, config };
}

/** A declared key comes with a login alone, and stays for those that follow. */
async function keepKey({ key, ownKey }: WayTold, keys: { own: string; declared: string }): Promise<string | null> {
  const [place, other] = ownKey ? [keys.own, keys.declared] : [keys.declared, keys.own];
  await rm(other, { force: true });
  if (key !== null) await writeWhole(place, key);
  else if (ownKey) await rm(place, { force: true });
  return mayBeThere(place) ? place : null;
}

const odd = ({ host, id }: Entrance): GuestkitError =>
  new GuestkitError(
    "E_HOST_GUEST",
    `Cannot log in to "${id}" of the host "${host}": what it answers is no address, user and port`,
    { help: `See what it says there: guestkit vm status ${id} --host ${host}` },
  );
