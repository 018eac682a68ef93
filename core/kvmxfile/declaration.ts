import type { Value, ValueObject } from "../model/value.ts";
import { type Declared, type Setting, Template, written } from "./outcome.ts";

/** Fields in the order in which one reads of a machine; others follow as they come. */
const ORDER: readonly string[] = [
  ...["path", "format", "size", "source", "bootstrap"],
  ...["name", "cpus", "memory", "machine", "cpu_model"],
  ...["template_vm", "base", "backing_file", "recreate_overlay", "snapshot_mode", "disks", "cdroms", "networks"],
  ...["shares", "graphics", "extra_args", "ssh", "cloud_init", "provision", "provision_always"],
  ...["startup_commands", "shutdown_commands", "upgrade_command", "autostart"],
  ...["image", "overlay", "release", "hostname", "users", "packages", "kernel", "ssh"],
];

type Node = Value | Map<string, Node>;

/** guestkit.yaml of one machine and, where it has one, its image. The last setting of a field is the one that counts. */
export function declarationOf(name: string, settings: readonly Setting[]): ValueObject {
  const things = { disk_image: treeOf(settings, "image"), virtual_machine: treeOf(settings, "machine") };
  const resources = Object.entries(things).filter(([, tree]) => tree.size > 0);
  return {
    version: 1,
    resources: Object.fromEntries(resources.map(([kind, tree]) => [kind, { [name]: plain(tree) }])),
  };
}

function treeOf(settings: readonly Setting[], of: Setting["of"]): Map<string, Node> {
  const tree = new Map<string, Node>();
  for (const setting of settings.filter((each) => each.of === of)) put(tree, setting.path, setting.value);
  return tree;
}

function put(tree: Map<string, Node>, [step = "", ...rest]: readonly string[], value: Declared): void {
  const present = tree.get(step);
  const isMap = typeof value === "object" && !Array.isArray(value) && !(value instanceof Template);
  if (rest.length === 0 && !isMap) {
    tree.set(step, written(value));
    return;
  }
  const below = present instanceof Map ? present : new Map<string, Node>();
  tree.set(step, below);
  if (rest.length > 0) put(below, rest, value);
  else for (const [name, each] of Object.entries(value)) put(below, [name], each as Declared);
}

function plain(node: Node): Value {
  if (!(node instanceof Map)) return node;
  const entries = [...node].toSorted(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([name, each]) => [name, plain(each)]));
}

function rank(name: string): number {
  const at = ORDER.indexOf(name);
  return at < 0 ? ORDER.length : at;
}
