import { below, type DeviceNode } from "../disk/node.ts";
import type { Tree } from "../filesystem/tree.ts";
import { readCrypttab } from "../guest/crypttab.ts";
import { readMdadmConf } from "../guest/mdadm-conf.ts";
import { findDevice } from "./find-device.ts";

/** What one system calls the devices. */
export interface GuestDevices {
  /** Null where there is none of that name. */
  find(spec: string): DeviceNode | null;
}

/** The devices by the names that a system's own files give them; of copies, what stands on its own disks goes first. */
export async function guestDevices(root: DeviceNode, tree: Tree, nodes: readonly DeviceNode[]): Promise<GuestDevices> {
  const near = nearFirst(root, nodes);
  const own = new Map<string, DeviceNode>();
  for (const { name, spec } of await readCrypttab(tree)) {
    const container = findDevice(spec, near);
    const mapping = container && near.find(({ kind, on }) => kind === "mapping" && on.includes(container.device));
    if (mapping) own.set(`/dev/mapper/${name}`, mapping);
  }
  for (const { device, uuid } of await readMdadmConf(tree)) {
    const array = near.find((each) => each.kind === "array" && hexOf(each.deviceUuid) === uuid);
    if (array) own.set(device, array);
  }
  return {
    find: (spec) => own.get(spec) ?? findDevice(spec, near) ?? findDevice(arrayName(spec), near),
  };
}

/** Those that share a disk with the root first. `nodes` have each after those that it stands on. */
function nearFirst(root: DeviceNode, nodes: readonly DeviceNode[]): readonly DeviceNode[] {
  const own = below([root.device], nodes);
  const near = new Set<string>();
  for (const { kind, device, on } of nodes) {
    if (kind === "disk" ? own.has(device) : on.some((each) => near.has(each))) near.add(device);
  }
  const isNear = ({ device }: DeviceNode) => near.has(device);
  return [...nodes.filter(isNear), ...nodes.filter((each) => !isNear(each))];
}

const hexOf = (uuid: string | null): string => uuid?.replace(/[^0-9a-f]/gi, "").toLowerCase() ?? "";

/** An array that its members call 0 is /dev/md0 in the system that made it, and may be /dev/md127 here. */
function arrayName(spec: string): string {
  return spec.replace(/^\/dev\/md(\d+)$/, "/dev/md/$1");
}
