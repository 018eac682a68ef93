import type { ResourceImplementation } from "../engine/implementation.ts";
import { machineFolder } from "../machine/folder.ts";
import { listMachines } from "../machine/list.ts";
import { memoryPath } from "../machine/memory.ts";
import { create } from "./virtual-machine/create.ts";
import { judge, remark, validate } from "./virtual-machine/foresee.ts";
import { preflight } from "./virtual-machine/guard.ts";
import { observe } from "./virtual-machine/observe.ts";
import { predict } from "./virtual-machine/predict.ts";
import { remove } from "./virtual-machine/remove.ts";
import { update } from "./virtual-machine/update.ts";
import { wayIn } from "./virtual-machine/way-in.ts";

export const virtualMachine: ResourceImplementation = {
  place: (id, settings) => machineFolder(id, settings).path,
  anchor: (id, settings) => memoryPath(machineFolder(id, settings)),
  list: (_, context) => listMachines(context.settings),
  validate,
  predict,
  judge,
  remark,
  preflight,
  wayIn,
  observe,
  create,
  update,
  remove,
};
