import { below, type DeviceNode } from "../disk/node.ts";
import type { Tree } from "../filesystem/tree.ts";
import { readCrypttab } from "../guest/crypttab.ts";
import { readMdadmConf } from "../guest/mdadm-conf.ts";
import { findDevice } from "./find-device.ts";

/** What one system calls the devices. */
export interface GuestDevices {
  /** Null where there is none of that name. */
  find(spec: string): DeviceNode | null;
  /** Those on the disks that its root stands on. */
  readonly own: readonly DeviceNode[];
}

/** The devices by the names that a system's own files give them; of copies, what stands on its own disks goes first. */
export async function guestDevices(root: DeviceNode, tree: Tree, nodes: readonly DeviceNode[]): Promise<GuestDevices> {
  const near = nearOf(root, nodes);
  const sorted = [...nodes.filter((each) => near.has(each.device)), ...nodes.filter((each) => !near.has(each.device))];
  const named = new Map<string, DeviceNode>();
  for (const { name, spec } of await readCrypttab(tree)) {
    const container = findDevice(spec, sorted);
    const mapping = container && sorted.find(({ kind, on }) => kind === "mapping" && on.includes(container.device));
    if (mapping) named.set(`/dev/mapper/${name}`, mapping);
  }
  for (const { device, uuid } of await readMdadmConf(tree)) {
    const array = sorted.find((each) => each.kind === "array" && hexOf(each.deviceUuid) === uuid);
    if (array) named.set(device, array);
  }
  return {
    find: (spec) => named.get(spec) ?? findDevice(spec, sorted) ?? findDevice(arrayName(spec), sorted),
    own: nodes.filter(({ device }) => near.has(device)),
  };
}

/** Those that share a disk with the root. `nodes` have each after those that it stands on. */
function nearOf(root: DeviceNode, nodes: readonly DeviceNode[]): ReadonlySet<string> {
  const own = below([root.device], nodes);
  const near = new Set<string>();
  for (const { kind, device, on } of nodes) {
    if (kind === "disk" ? own.has(device) : on.some((each) => near.has(each))) near.add(device);
  }
  return near;
}

const hexOf = (uuid: string | null): string => uuid?.replace(/[^0-9a-f]/gi, "").toLowerCase() ?? "";

/** An array that its members call 0 is /dev/md0 in the system that made it, and may be /dev/md127 here. */
function arrayName(spec: string): string {
  return spec.replace(/^\/dev\/md(\d+)$/, "/dev/md/$1");
}
