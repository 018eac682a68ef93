import type { Goes } from "../engine/implementation.ts";
import { eachOf } from "../kit/shared-look.ts";
import { declaredIds } from "./declared-by.ts";
import { LOOKED_AT } from "./graph.ts";
import { declaredThings } from "./left-behind.ts";
import { anotherOwner } from "./owner.ts";
import type { ProjectCall } from "./plan.ts";
import type { Project } from "./project.ts";
import { contractNameOf, type Owned } from "./state.ts";

/** What of the world an apply removes, told before anything of the file is planned: it stands in nothing's way. */
export async function goingThings(project: Project, call: ProjectCall): Promise<Goes> {
  const candidates = undeclared(project, call.owned.all);
  const others = await eachOf(candidates, LOOKED_AT, (thing) => anotherOwner(thing, call));
  const going = candidates.filter((_, at) => others[at] === null);
  return (id, contract) =>
    going.some((each) => each.id === id && (contract === undefined || contractNameOf(each.address) === contract));
}

/** Things that no entry of the file stands for. A part leaves alone what has no entry. */
function undeclared(project: Project, owned: readonly Owned[]): readonly Owned[] {
  const ids = declaredIds(project);
  const isDeclared = declaredThings(project);
  return owned.filter((thing) => {
    if (isDeclared(thing)) return false;
    return ids.has(thing.address) ? typeof ids.get(thing.address) === "string" : !project.whole;
  });
}
