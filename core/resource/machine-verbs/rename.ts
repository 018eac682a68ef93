import type { ActionImplementation } from "../../engine/implementation.ts";
import { takeLock } from "../../host/lock.ts";
import type { Context } from "../../kit/context.ts";
import { demandRenamable, finishRenaming, renameMachine } from "../../lifecycle/daily/rename.ts";
import { machineFolder } from "../../machine/folder.ts";
import { readMemory } from "../../machine/memory.ts";
import type { ValueObject } from "../../model/value.ts";
import { knownMachine, withMachine } from "./known.ts";

export const vmRename: ActionImplementation = {
  run: async (input, { check }, context) => {
    const name = String(input.new_name);
    const to = machineFolder(name, context.settings);
    const output = { directory: to.path };
    if (name === input.name) {
      await knownMachine(input, context);
      return { changed: false, output };
    }
    if (await isRenamed(input, context)) {
      if (!check) await withMachine({ name }, context, () => finishRenaming(to, context.settings));
      return { changed: false, output };
    }
    const known = await knownMachine(input, context);
    await demandRenamable(known.memory, name, context.settings);
    if (!check) await rename(input, name, context);
    return { changed: true, before: String(input.name), after: name, output };
  },
};

/** It was done already, to its end or to where guestkit was killed. */
async function isRenamed({ name, new_name }: ValueObject, context: Context): Promise<boolean> {
  const [before, after] = await Promise.all(
    [name, new_name].map((each) => {
      const isName = /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(String(each));
      return isName ? readMemory(machineFolder(String(each), context.settings)) : null;
    }),
  );
  return !before && after?.details.renamedFrom === name;
}

async function rename(input: ValueObject, name: string, context: Context): Promise<void> {
  await withMachine(input, context, async ({ memory }) => {
    await using _new = await takeLock(machineFolder(name, context.settings).path, context, { name });
    await renameMachine(memory, name, context);
  });
}
