import { z } from "zod";
import { listedBy, query } from "../../../declare.ts";
import { machineName, since, statusAfter, verb } from "./verb.ts";

const snapshotName = () =>
  z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,62}$/, "letters, digits, dots, - and _, at most 63, a letter first")
    .describe("The snapshot's name.");

const known = () => snapshotName().meta(listedBy("vm_snapshots"));

const snapshotVerb = (word: string, summary: string, description: string, snapshot = known()) =>
  verb(
    `snapshot ${word}`,
    summary,
    description,
    { snapshot },
    { status: statusAfter() },
    { positional: ["snapshot"], example: { snapshot: "before" } },
  );

export const snapshotTake = snapshotVerb(
  "take",
  "Take a snapshot of a machine",
  "With the guest's memory while it runs, of its disks alone otherwise. Kept in the machine's own qcow2 disks.",
  snapshotName(),
);
export const snapshotRevert = snapshotVerb(
  "revert",
  "Bring a machine back to a snapshot",
  "Disks, and memory where it is in the snapshot: then the machine runs on from there.",
);
export const snapshotDelete = snapshotVerb(
  "delete",
  "Delete a snapshot of a machine",
  "Gives back what it took in the machine's disks.",
);

export const snapshotList = query({
  name: "vm_snapshots",
  since,
  summary: "The snapshots of a machine",
  description: "Those that all of its written disks have.",
  input: z.object({ name: machineName() }),
  output: z.object({
    snapshots: z
      .array(
        z.object({
          name: z.string().describe("Name."),
          created_at: z.string().describe("When it was taken, ISO 8601."),
          memory: z.boolean().describe("Whether the guest's memory is in it."),
          vm_state_size: z.int().describe("Bytes of the memory; 0 without."),
        }),
      )
      .describe("Snapshots, the oldest first."),
  }),
  examples: [{ title: "Where can it go back to?", input: { name: "web" } }],
  aliases: {
    cli: {
      name: "vm snapshot list",
      positional: ["name"],
      list: "snapshots",
      columns: ["name", "created_at", "memory"],
      empty: "No snapshots.",
    },
  },
});
