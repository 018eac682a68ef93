/** Schemas of the groups of facts that are asked for by name: a field each of a system's report. */
import { z } from "zod";
import { ALL_FACTS, FACT_GROUPS, type FactGroup } from "../../kit/fact-groups.ts";
import { scheduleReport } from "./schedule.ts";
import { storageReport } from "./storage.ts";

const asked = <T extends z.ZodType>(group: FactGroup, schema: T, what: string) =>
  schema.nullable().describe(`${what} Null unless facts names ${group}, or where it could not be read.`);

/** Fields of a system's report. */
export const factFields = {
  schedule: asked("schedule", scheduleReport, "What runs by the clock."),
  storage: asked(
    "storage",
    storageReport,
    "What the system's own files say of mounts, swap, encrypted devices and arrays.",
  ),
} satisfies Record<FactGroup, z.ZodType>;

/** The input field that chooses among them. */
export const facts = () =>
  z
    .array(z.enum([...FACT_GROUPS, ALL_FACTS]))
    .optional()
    .describe("Groups of facts to gather beside those that always are: all, or their names.");
