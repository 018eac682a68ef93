import type { Contract } from "@guestkit/core/model";
import { stringify } from "yaml";
import { readsDisks } from "./common.ts";
import { moduleName } from "./option.ts";

/** `module_defaults: {group/guestkit.guestkit.NAME: ...}` may set what all modules of a group have. */
const GROUPS: Readonly<Record<string, (contract: Contract) => boolean>> = {
  all: () => true,
  resources: ({ kind }) => kind === "resource",
  disks: readsDisks,
};

/** The full names of the groups that a module is in. */
export const groupsOf = (contract: Contract): readonly string[] =>
  Object.keys(GROUPS)
    .filter((name) => GROUPS[name]?.(contract))
    .map((name) => `guestkit.guestkit.${name}`);

/** meta/runtime.yml: the ansible-core that is needed, and the action groups. */
export function runtime(contracts: readonly Contract[]): string {
  const groups = Object.entries(GROUPS).map(([name, has]) => [name, contracts.filter(has).map(moduleName).toSorted()]);
  return stringify({ requires_ansible: ">=2.16.0", action_groups: Object.fromEntries(groups) });
}
