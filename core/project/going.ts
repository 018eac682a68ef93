import type { Gone } from "../engine/implementation.ts";
import { eachOf } from "../kit/shared-look.ts";
import { declaredIds } from "./declared-by.ts";
import { LOOKED_AT } from "./graph.ts";
import { declaredThings } from "./left-behind.ts";
import { anotherOwner } from "./owner.ts";
import type { ProjectCall } from "./plan.ts";
import type { Project } from "./project.ts";
import { type HostName, isHostFault, isSameHost } from "./site.ts";
import { contractNameOf, type Owned, type OwnedThings } from "./state.ts";

/** What of the world an apply removes, told before anything of the file is planned: it stands in nothing's way. */
export async function goingThings(project: Project, call: ProjectCall): Promise<Going> {
  const candidates = undeclared(project, call.owned);
  const goes = await eachOf(candidates, LOOKED_AT, (thing) => isGoing(thing, call));
  const going = candidates.filter((_, at) => goes[at]);
  return (host) =>
    going
      .filter((each) => isSameHost(each, { host }))
      .map(({ address, id }) => ({ contract: contractNameOf(address), id }));
}

/** What goes of each host. */
export type Going = (host: HostName) => readonly Gone[];

/** What a host that cannot be reached has, stays. */
async function isGoing(thing: Owned, call: ProjectCall): Promise<boolean> {
  try {
    return (await anotherOwner(thing, call)) === null;
  } catch (error) {
    if (isHostFault(error)) return false;
    throw error;
  }
}

/** Things that no entry of the file stands for. A part leaves alone what has no entry. */
function undeclared(project: Project, owned: OwnedThings): readonly Owned[] {
  const ids = declaredIds(project, owned.places);
  const isDeclared = declaredThings(project, owned);
  return owned.all.filter((thing) => {
    if (isDeclared(thing)) return false;
    const entry = project.entries.get(thing.address);
    if (!entry) return !project.whole;
    return typeof ids.get(thing.address) === "string" || !isSameHost(entry, thing);
  });
}
