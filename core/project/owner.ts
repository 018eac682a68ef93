import { resolve } from "node:path";
import { type Diagnostic, warning } from "../engine/diagnostic.ts";
import type { CallOptions } from "../engine/engine-face.ts";
import { type Actor, describeOwner, isOwn, type Owner } from "../kit/owner.ts";
import { contractOf } from "../model/registry.ts";
import type { ProjectCall } from "./plan.ts";
import { shellAddress } from "./reference.ts";
import { engineAt } from "./site.ts";
import { contractNameOf, type Owned, type OwnedThings } from "./state.ts";

/** The file that every command takes where none is named. */
const USUAL_FILE = "guestkit.yaml";

/** A project file as the owner of a thing. */
export function actorOf({ project, file, isNamed }: OwnedThings, on: Pick<Owned, "address" | "host">): Actor {
  return {
    face: USUAL_FILE,
    project,
    file,
    isNamed,
    takeOver: `Take it over: ${importCommand(on, "{id}", file)}.`,
    isSame: `If it is this very project, moved here, write "project: {project}" into "${file}".`,
  };
}

/** The command that takes a thing over, whichever folder it is given in. */
export function importCommand({ address, host }: Pick<Owned, "address" | "host">, id: string, file: string): string {
  const named = file === resolve(USUAL_FILE) ? "" : ` --file "${file}"`;
  return `guestkit import ${shellAddress(address)} "${host === undefined ? "" : `${host}:`}${id}"${named}`;
}

/** What the engine is told of a project at every call for an address. */
export function ownerOptions({ owned }: Pick<ProjectCall, "owned">, on: Pick<Owned, "address" | "host">): CallOptions {
  return { owner: actorOf(owned, on), isListed: (id) => owned.lists({ ...on, id }) };
}

/** Who has taken over what the file lists, by an import; null where nobody has. */
export async function anotherOwner(thing: Owned, call: ProjectCall): Promise<Owner | null> {
  const engine = await engineAt(thing, call);
  const owner = await engine.ownerOf(contractOf(contractNameOf(thing.address), "resource"), thing.id);
  return owner && !isOwn(actorOf(call.owned, thing), owner) ? owner : null;
}

/** Said of what is another's by now: it goes from the list, and nowhere else. */
export function goneToAnother({ address, id }: Owned, owner: Owner): Diagnostic {
  const message = `${address} ("${id}") belongs to ${describeOwner(owner)} by now: it is left alone, and no longer this file's`;
  return warning("W_OWNER_LEFT", [], message, "Nothing is to be done.");
}
