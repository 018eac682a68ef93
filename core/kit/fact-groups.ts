/** Groups of facts that an inspection gathers where they are asked for by name; each is a field of a system's report. */
export const FACT_GROUPS = [
  "access",
  "boot",
  "containers",
  "flatpaks",
  "history",
  "languages",
  "schedule",
  "security",
  "services",
  "storage",
] as const;

export type FactGroup = (typeof FACT_GROUPS)[number];

/** In place of every name. */
export const ALL_FACTS = "all";

/** The groups that a list of names means, in their own order; whoever takes the names has refused others. */
export function factGroups(names: readonly string[]): readonly FactGroup[] {
  return FACT_GROUPS.filter((group) => names.includes(group) || names.includes(ALL_FACTS));
}
