import { resolve } from "node:path";
import { type Diagnostic, problem } from "../../engine/diagnostic.ts";
import { isWithin } from "../../host/within.ts";
import { isList, isObject, UNKNOWN, type Value, type ValueObject } from "../../model/value.ts";
import { CHANNELS } from "../../qemu/channel.ts";
import { KINDS } from "../../share/table.ts";
import { entries } from "./fields.ts";

/** A word of `mount -o`: nothing that begins another option, another word or another line. */
const OPTION = /^[A-Za-z0-9_][A-Za-z0-9_.:=+@%/-]{0,199}$/;

/** What is wrong with the shares of a declaration, by the table of kinds; what is unknown is left alone. */
export function shareRules({ shares, networks }: ValueObject): readonly Diagnostic[] {
  const found = entries(shares);
  const channels = found.filter(([, share]) => kindOf(share)?.carried.by === "channel");
  return [
    ...found.flatMap(([name, share]) => [...options(name, share), ...owners(name, share)]),
    ...(hasChannels(networks ?? null) ? [] : channels.map(([name, share]) => noNetwork(name, share))),
    ...channels.slice(CHANNELS).map(([name]) => tooMany(name)),
    ...twice(found),
    ...nested(found),
  ];
}

const kindOf = ({ kind }: ValueObject) => (typeof kind === "string" ? KINDS[kind as keyof typeof KINDS] : undefined);

function options(name: string, share: ValueObject): Diagnostic[] {
  const words = isList(share.options) ? share.options : [];
  return words.flatMap((word, index) =>
    typeof word !== "string" || OPTION.test(word)
      ? []
      : [
          problem(
            "E_SHARE_OPTION",
            ["shares", name, "options", index],
            `${JSON.stringify(word)} is no mount option`,
            "Give each option as an element of its own: noatime, or NAME=VALUE.",
          ),
        ],
  );
}

function owners(name: string, share: ValueObject): Diagnostic[] {
  const kind = kindOf(share);
  if (share.ownership !== "map" || !kind || kind.maps) return [];
  const able = Object.values(KINDS).filter(({ maps }) => maps);
  return [
    problem(
      "E_SHARE_OWNERSHIP",
      ["shares", name, "ownership"],
      `${kind.name} cannot keep the guest's owners`,
      `Leave ownership out, or take a kind that can: ${able.map((each) => each.name).join(", ")}.`,
    ),
  ];
}

/** Left out, the machine has one of kind user; one whose kind is unknown may be. */
function hasChannels(networks: Value): boolean {
  if (!isObject(networks)) return true;
  return Object.values(networks).some(
    (each) => each === UNKNOWN || (isObject(each) && (each.kind === "user" || each.kind === UNKNOWN)),
  );
}

const noNetwork = (name: string, share: ValueObject): Diagnostic =>
  problem(
    "E_SHARE_NETWORK",
    ["shares", name, "kind"],
    `${String(share.kind)} reaches the guest through a network of kind user, and the machine has none`,
    'Add such a network (it may be isolated), or set kind to "9p" or "virtiofs".',
  );

const tooMany = (name: string): Diagnostic =>
  problem(
    "E_SHARE_CHANNEL",
    ["shares", name],
    `a machine takes ${CHANNELS} shares by sshfs, nfs and smb`,
    "Share a folder above several of them, or take another kind for some.",
  );

function twice(found: readonly (readonly [string, ValueObject])[]): Diagnostic[] {
  const seen = new Map<Value, string>();
  return found.flatMap(([name, { mount }]) => {
    if (typeof mount !== "string") return [];
    const other = seen.get(mount);
    seen.set(mount, name);
    if (other === undefined) return [];
    return [problem("E_SHARE_TWICE", ["shares", name, "mount"], `shares.${other} is mounted at ${mount} already`)];
  });
}

/** In a folder that it may write to the guest could put a link to any other one in the place of the inner share. */
function nested(found: readonly (readonly [string, ValueObject])[]): Diagnostic[] {
  const outer = found.filter(([, { read_only }]) => read_only !== true && read_only !== UNKNOWN);
  return found.flatMap(([name, { path }]) => {
    const around = outer.find(([, each]) => isText(path) && isText(each.path) && isBelow(path, each.path));
    if (!around) return [];
    return [
      problem(
        "E_SHARE_NESTED",
        ["shares", name, "path"],
        `it lies in the folder of shares.${around[0]}, where the guest could put a link to any other in its place`,
        `Leave it out, share shares.${around[0]} with read_only: true, or share a folder elsewhere.`,
      ),
    ];
  });
}

const isText = (value: Value | undefined): value is string => typeof value === "string";
const isBelow = (path: string, folder: string): boolean =>
  resolve(path) !== resolve(folder) && isWithin(resolve(path), resolve(folder));
