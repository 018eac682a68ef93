import type { DeviceNode } from "../../core/disk/node.ts";

/** A device of a machine, by what matters of it: /dev/sda where nothing else is said. */
export function deviceNode(given: Partial<DeviceNode>): DeviceNode {
  return {
    kind: "disk",
    device: "/dev/sda",
    aliases: [],
    capacity: 0,
    on: [],
    type: null,
    label: null,
    uuid: null,
    deviceUuid: null,
    size: 0,
    free: null,
    partition: null,
    table: null,
    details: {},
    subvolume: null,
    fs: null,
    content: null,
    error: null,
    isMember: false,
    locked: null,
    partOf: null,
    ...given,
  };
}
