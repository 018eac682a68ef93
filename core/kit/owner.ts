/** Who owns a thing: a face of guestkit, and what of it. Kept in the record beside the thing. */
export interface Owner {
  /** `guestkit.yaml`, `terraform`, `pulumi`, `ansible`. */
  readonly face: string;
  /** A project by the name or random id that its face knows it by; null: anything of this face. */
  readonly project: string | null;
  /** The project file of a project without a name: from this place it owns, also when its id is lost. */
  readonly file?: string;
}

/** For whom an engine works: its face's word for the project, and for how to make another one's thing its own. */
export interface Actor extends Owner {
  /** The user wrote the project's name: where its file lies says nothing. */
  readonly isNamed?: boolean;
  /** How a thing is taken over here; `{id}`, `{contract}` and `{owner}` are filled in. */
  readonly takeOver?: string;
  /** What to write where the owner is this very project, moved; `{project}` is filled in. */
  readonly isSame?: string;
}

/** Works on what nobody owns, and on nothing else. */
export const NOBODY = "none";

/** Whether what `owner` owns (null: nobody does) is the actor's own. */
export function isOwn(actor: Actor, owner: Owner | null): boolean {
  if (owner === null) return actor.face === NOBODY;
  if (actor.face !== owner.face) return false;
  if (owner.project === null || actor.project === owner.project) return true;
  return owner.file !== undefined && actor.file === owner.file;
}

/** What a record keeps of an actor; null for one that works for nobody. */
export function ownerOf({ face, project, file, isNamed }: Actor): Owner | null {
  if (face === NOBODY) return null;
  return { face, project, ...(file !== undefined && !isNamed && { file }) };
}

/** `terraform:1b2c`, `ansible`: as `parseOwner` reads it. */
export function spellOwner({ face, project }: Owner): string {
  return project === null ? face : `${face}:${project}`;
}

/** The owner as people read it. */
export function describeOwner(owner: Owner | null): string {
  if (owner === null) return "nobody";
  return owner.file === undefined ? spellOwner(owner) : `${spellOwner(owner)} ("${owner.file}")`;
}

/** The owner as answers have it: as `parseOwner` reads it, and the project file where its name alone says little. */
export const toldOwner = (owner: Owner | null) => ({
  owner: owner && spellOwner(owner),
  owner_file: owner?.file ?? null,
});

/** `FACE` or `FACE:PROJECT`; null for another text. */
export function parseOwner(text: string): Owner | null {
  const found = /^([a-z][a-z0-9.]{0,31})(?::([^\s:][^\s]{0,255}))?$/.exec(text);
  return found ? { face: String(found[1]), project: found[2] ?? null } : null;
}

/** The owner in a record; null for what is none. */
export function readOwner(value: unknown): Owner | null {
  if (typeof value !== "object" || value === null) return null;
  const { face, project = null, file } = value as Record<string, unknown>;
  if (typeof face !== "string" || (typeof project !== "string" && project !== null)) return null;
  return { face, project, ...(typeof file === "string" && { file }) };
}
