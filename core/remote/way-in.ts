import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseKeys, type SshTarget, sshConfig } from "../communicator/ssh/index.ts";
import { resolveSettings } from "../host/settings.ts";
import { writeWhole } from "../host/whole-file.ts";
import { GuestkitError } from "../kit/errors.ts";
import { shellJoin } from "../kit/shell.ts";
import type { Contract, Reachable } from "../model/contract.ts";
import { contracts } from "../model/index.ts";
import { isObject, type Value, type ValueObject } from "../model/value.ts";
import { MOST_KEY } from "../rpc/way-in.ts";
import { hostNamed } from "./host.ts";
import { proxyCommand } from "./there.ts";

/** A thing of a host that people log in to, and where this side keeps what is needed for that. */
export interface Entrance {
  readonly host: string;
  /** Of the thing. */
  readonly id: string;
}

interface Places {
  readonly folder: string;
  readonly key: string;
  readonly knownHosts: string;
  readonly config: string;
}

/** What a folder may be called; `%` where a name says more. */
const folderName = (name: string): string =>
  encodeURIComponent(name).replace(/^\.+$/, (dots) => dots.replaceAll(".", "%2E"));

function placesOf({ host, id }: Entrance): Places {
  const folder = join(resolveSettings().dataDir, "hosts", folderName(host), folderName(id));
  const [key, knownHosts, config] = ["ssh_key", "known_hosts", "ssh_config"].map((name) => join(folder, name));
  return { folder, key: key ?? "", knownHosts: knownHosts ?? "", config: config ?? "" };
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
    const names = FILES.map((part) => reachable?.[part]);
    if (thing && reachable && output.some((field) => names.includes(field.name))) return { thing, reachable, by: name };
  }
  return null;
}

/** What is of the machine where it is asked, and of no use on another. */
const FILES = ["key", "knownHosts", "config", "command"] as const;

/** An answer of a host as it is true on this side: what it says of files and commands there leads nowhere here. */
export function waysHere(answer: ValueObject, reachable: Reachable, entrance: Entrance): ValueObject {
  const { key, knownHosts, config } = placesOf(entrance);
  const here = { key, knownHosts, config, command: shellJoin(["ssh", "-F", config, entrance.id]) };
  const isWay = FILES.some((part) => typeof answer[reachable[part] ?? ""] === "string");
  const fields = FILES.flatMap((part) => {
    const name = reachable[part];
    return name !== undefined && name in answer ? [[name, isWay ? here[part] : null] as const] : [];
  });
  return { ...answer, ...Object.fromEntries(fields) };
}

/** Lets go of what is kept of a thing that is gone. */
export async function forgetWayIn(entrance: Entrance): Promise<void> {
  await rm(placesOf(entrance).folder, { recursive: true, force: true });
}

/**
 * Keeps what a host says of the way into a thing of its own, and gives the way from here: by ssh to the host, where
 * guestkit joins it to the thing. Throws `E_HOST_GUEST` for an answer that is none.
 */
export async function keepWayIn(told: Value, entrance: Entrance): Promise<SshTarget> {
  const way = wayTold(told);
  if (way === null || !NAME.test(entrance.id)) throw odd(entrance);
  const { folder, key, knownHosts, config } = placesOf(entrance);
  const target = {
    ...{ name: entrance.id, host: way.host, port: way.port, user: way.user },
    ...{ keyFile: key, ownKey: true, knownHostsFile: knownHosts, logFolder: folder },
    proxyCommand: proxyCommand(hostNamed(entrance.host), entrance.id),
  };
  await writeWhole(key, way.key);
  // There may be none yet: the first ones are taken then.
  if (way.hostKeys.length > 0)
    await writeWhole(knownHosts, way.hostKeys.map((each) => `${entrance.id} ${each}\n`).join(""));
  await writeWhole(config, sshConfig(target, way.hostKeys.length > 0));
  return target;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

interface Way {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly key: Uint8Array;
  readonly hostKeys: readonly string[];
}

/** It becomes lines of ssh_config(5) and words of ssh: it may hold nothing that these would take for more than a name. */
function wayTold(told: Value): Way | null {
  if (!isObject(told)) return null;
  const { host, port, user, key, known_hosts } = told;
  if (!isWord(host) || !isWord(user) || !isPort(port) || typeof key !== "string" || key.length > 2 * MOST_KEY)
    return null;
  const known = typeof known_hosts === "string" ? Buffer.from(known_hosts, "base64").toString("latin1") : "";
  const hostKeys = parseKeys(known.replace(/^\S+ /gm, ""));
  return { host, port, user, key: Buffer.from(key, "base64"), hostKeys };
}

/** An address, or a user's name, of a domain's as well (CORP\me). */
const isWord = (value: Value | undefined): value is string =>
  typeof value === "string" && value.length <= 255 && /^[\p{L}\p{N}_.:%@+\\][\p{L}\p{N}_.:%@+\\-]*$/u.test(value);

const isPort = (value: Value | undefined): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;

const odd = ({ host, id }: Entrance): GuestkitError =>
  new GuestkitError(
    "E_HOST_GUEST",
    `Cannot log in to "${id}" of the host "${host}": what it answers is no address, user, port and key`,
    { help: `See what it says there: guestkit vm status ${id} --host ${host}` },
  );
