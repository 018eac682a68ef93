import type { Tree } from "../filesystem/tree.ts";
import type { Package } from "./packages/package.ts";
import type { Units } from "./units.ts";

/** A program that a virtual machine's host counts on. */
export interface Agent {
  readonly installed: boolean;
  /** It starts by itself: a unit is enabled, or a udev rule starts it. */
  readonly enabled: boolean;
  /** The package's version; null where no package is known. */
  readonly version: string | null;
}

interface Kind {
  readonly packages: readonly string[];
  readonly programs: readonly string[];
  readonly unit: RegExp;
  /** Starts it without an enabled unit. */
  readonly triggers: readonly string[];
  /** Its presence keeps it from starting. */
  readonly disabledBy: string | null;
}

const CLOUD_INIT: Kind = {
  packages: ["cloud-init"],
  programs: ["/usr/bin/cloud-init"],
  unit: /^cloud-(?:init|init-local|init-main|config|final)\.(?:service|target)$/,
  triggers: [],
  disabledBy: "/etc/cloud/cloud-init.disabled",
};

const GUEST_AGENT: Kind = {
  packages: ["qemu-guest-agent"],
  programs: ["/usr/sbin/qemu-ga", "/usr/bin/qemu-ga"],
  unit: /^qemu-(?:guest-agent|ga)\.service$/,
  triggers: [
    "/lib/udev/rules.d/60-qemu-guest-agent.rules",
    "/lib/udev/rules.d/99-qemu-guest-agent.rules",
    "/etc/runlevels/default/qemu-guest-agent",
  ],
  disabledBy: null,
};

/** `packages` and `units` are null where they could not be read: files decide alone then. */
export function readCloudInit(tree: Tree, packages: readonly Package[] | null, units: Units | null): Promise<Agent> {
  return readAgent(tree, CLOUD_INIT, packages, units);
}

export function readGuestAgent(tree: Tree, packages: readonly Package[] | null, units: Units | null): Promise<Agent> {
  return readAgent(tree, GUEST_AGENT, packages, units);
}

async function readAgent(
  tree: Tree,
  kind: Kind,
  packages: readonly Package[] | null,
  units: Units | null,
): Promise<Agent> {
  const owner = packages?.find((each) => kind.packages.includes(each.name) && each.status === "installed");
  const installed = owner !== undefined || (await anyOf(tree, kind.programs));
  return { installed, enabled: installed && (await starts(tree, kind, units)), version: owner ? spell(owner) : null };
}

async function starts(tree: Tree, kind: Kind, units: Units | null): Promise<boolean> {
  if (kind.disabledBy && (await tree.resolve(kind.disabledBy))) return false;
  if (units?.masked.some((name) => kind.unit.test(name))) return false;
  return units?.enabled.some(({ name }) => kind.unit.test(name)) || anyOf(tree, kind.triggers);
}

async function anyOf(tree: Tree, paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await tree.resolve(path)) return true;
  return false;
}

function spell({ epoch, version, release }: Package): string {
  return `${epoch ? `${epoch}:` : ""}${version}${release === null ? "" : `-${release}`}`;
}
