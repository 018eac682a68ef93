import type { ActionImplementation, QueryImplementation } from "../../engine/implementation.ts";
import type { Context } from "../../kit/context.ts";
import { look } from "../../lifecycle/look/look.ts";
import { deleteSnapshot, listSnapshots, revertSnapshot, takeSnapshot } from "../../lifecycle/snapshot.ts";
import { type Known, knownMachine, withMachine } from "./known.ts";

const verb = (act: (known: Known, tag: string, context: Context) => Promise<void>): ActionImplementation => ({
  run: async (input, { check }, context) => {
    const { folder } = await knownMachine(input, context);
    if (!check) await withMachine(input, context, (known) => act(known, String(input.snapshot), context));
    return { changed: true, output: { status: (await look(folder, context)).status } };
  },
});

export const vmSnapshotTake = verb(({ memory, folder }, tag, context) =>
  takeSnapshot(memory.machine, folder, tag, context),
);
export const vmSnapshotRevert = verb(({ memory, folder }, tag, context) =>
  revertSnapshot(memory, folder, tag, context),
);
export const vmSnapshotDelete = verb(({ memory, folder }, tag, context) =>
  deleteSnapshot(memory.machine, folder, tag, context),
);

export const vmSnapshots: QueryImplementation = {
  read: async (input, context) => {
    const { memory, folder } = await knownMachine(input, context);
    const all = await listSnapshots(memory.machine, folder, context);
    return {
      snapshots: all.map(({ name, created_at, vm_state_size }) => ({
        name,
        created_at,
        memory: vm_state_size > 0,
        vm_state_size,
      })),
    };
  },
};
