import { type Diagnostic, warning } from "../../engine/diagnostic.ts";
import type { Change } from "../../engine/diff.ts";
import type { ResourceImplementation } from "../../engine/implementation.ts";
import { canonical } from "../../engine/normalise.ts";
import { typeAt } from "../../engine/type-at.ts";
import { contractOf } from "../../model/registry.ts";
import { isObject, type Value, type ValueObject } from "../../model/value.ts";
import { validateCloudInit } from "../cloud-init/validate.ts";
import { rules } from "./rules.ts";

/** What the contract's types cannot say; values may be UNKNOWN, and what is unknown is left alone. */
export async function validate(input: ValueObject): Promise<readonly Diagnostic[]> {
  const told = isObject(input.cloud_init ?? null)
    ? await validateCloudInit(input.cloud_init as ValueObject, ["cloud_init"])
    : [];
  return [...rules.flatMap((rule) => rule(input)), ...told];
}

type Judge = NonNullable<ResourceImplementation["judge"]>;

/** What a machine can take while it runs, and what takes away something that it owns. */
export const judge: Judge = (change, prior) => {
  const [field, name, part] = change.path;
  const isOrigin = part === undefined || part === "image" || part === "overlay";
  if (field === "disks" && isOrigin && isOverlay(change, prior) && keepsCopies(prior)) {
    return { policy: "immutable", warning: `The machine's own copy of disks.${String(name)} is thrown away.` };
  }
  if (field !== undefined && ORIGIN.includes(String(field)) && keepsCopies(prior)) return judgeOrigin(change, prior);
  if (field === "shares" && isLiveShare(change, prior)) return { policy: "live" };
  if (field === "disks" && part === "size" && prior.snapshot_mode === true && grows(change)) {
    return { policy: "restart" };
  }
  if (field === "networks" && part === "forwards" && kindOf(prior, name) !== "user") return { policy: "restart" };
  return null;
};

/** Under what a snapshot forgets lies the kept copy, which nothing grows while QEMU reads it. */
function grows({ path, before, after }: Change): boolean {
  const type = typeAt(contractOf("virtual_machine", "resource").input, path);
  const [was, wanted] = [canonical(type, before, "/"), canonical(type, after, "/")];
  return typeof was === "number" && typeof wanted === "number" && wanted > was;
}

/** Fields that say what disks start from, and whether copies outlast a start. */
const ORIGIN: readonly string[] = ["template_vm", "base", "recreate_overlay"];

/** The machine's own copies of disks outlast a stop: there is something to lose. */
function keepsCopies({ recreate_overlay, template_vm, base }: ValueObject): boolean {
  return (
    (recreate_overlay ?? ((template_vm ?? null) === null && (base ?? null) === null ? "never" : "always")) === "never"
  );
}

/** Kept copies cannot lie over another template; where they are to be made anew from now on, they go at the next start. */
function judgeOrigin({ path, policy, before, after }: Change, prior: ValueObject): ReturnType<Judge> {
  const [field] = path;
  const hasCopies = Object.values(isObject(prior.disks ?? null) ? (prior.disks as ValueObject) : {}).some(
    (disk) => isObject(disk) && disk.overlay === true,
  );
  if (field !== "recreate_overlay" && before !== null) {
    return { policy: "immutable", warning: "The machine's own copies of disks are thrown away." };
  }
  const isAnew = field === "recreate_overlay" ? after === "always" : prior.recreate_overlay === null;
  if (!isAnew || (!hasCopies && field !== "recreate_overlay")) return null;
  return {
    policy,
    warning: "The machine's own copies of disks are thrown away at its next start, and at every one after.",
  };
}

type Remark = NonNullable<ResourceImplementation["remark"]>;

/** What a machine starts from was changed: whether this plan takes it up, or the next start will. */
export const remark: Remark = ({ prior, wanted, action, changes }) => {
  if (prior.template_upgraded !== true) return [];
  const name = String(prior.name);
  const starts = changes.some(({ policy, path }) => policy === "restart" || path[0] === "running");
  if (action === "replace" || (starts && wanted.running !== false)) {
    const message = `The disks of "${name}" are made anew at this start, from what was upgraded since its last one`;
    return [warning("W_TEMPLATE_UPGRADED", originOf(wanted), message)];
  }
  const help = prior.running === true ? `guestkit vm restart ${name}` : undefined;
  const state = prior.running === true ? "it runs on as it was until then" : "it stands still";
  const message = `What the disks of "${name}" start from was upgraded: its next start takes it up, ${state}`;
  return [warning("W_TEMPLATE_UPGRADED", originOf(wanted), message, help)];
};

/** The field that says what the disks start from. */
const originOf = ({ template_vm, base }: ValueObject) =>
  [template_vm === null ? (base === null ? "disks" : "base") : "template_vm"] as const;

/** Shares through channels come and go while the machine runs; devices are QEMU's from its start on. */
function isLiveShare({ path, before, after }: Change, prior: ValueObject): boolean {
  const networks = prior.networks ?? null;
  const channels = networks === null || (isObject(networks) && Object.values(networks).some(isUserNetwork));
  if (!channels || path.length < 2) return false;
  const kinds: readonly unknown[] =
    path.length === 2 ? [before, after] : [at(prior.shares, path[1]), path[2] === "kind" ? { kind: after } : null];
  const isLive = (share: unknown) => LIVE_KINDS.includes((share as { readonly kind: unknown }).kind);
  return kinds.every((each) => !isObject((each ?? null) as Value) || isLive(each));
}

const isUserNetwork = (network: Value): boolean => isObject(network) && network.kind === "user";
/** Those of core/share that are carried by channels: told here, so that a plan loads no machine. */
const LIVE_KINDS: readonly unknown[] = ["sshfs", "nfs", "smb"];

/** An overlay that goes, or that is to lie over another image. */
function isOverlay({ path, before }: Change, prior: ValueObject): boolean {
  const disk = path.length === 2 ? before : at(prior.disks, path[1]);
  return isObject(disk ?? null) && (disk as ValueObject).overlay === true;
}

const kindOf = (prior: ValueObject, network: unknown): Value | undefined => {
  const found = at(prior.networks ?? null, network);
  return isObject(found) ? found.kind : undefined;
};

const at = (map: Value | undefined, name: unknown): Value | undefined =>
  isObject(map) && typeof name === "string" ? map[name] : undefined;
