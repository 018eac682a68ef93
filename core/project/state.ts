import { randomUUID } from "node:crypto";
import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { companionName } from "../host/partial.ts";
import { readKeptText } from "../host/plain-file.ts";
import { writeWhole } from "../host/whole-file.ts";
import { sharedLook } from "../kit/shared-look.ts";
import { declaredBy } from "./declared-by.ts";
import { moveThings } from "./moved.ts";
import { type Places, tellThing } from "./places.ts";
import type { Entry, Project } from "./project.ts";
import type { Site } from "./site.ts";
import { parseState, type StateDocument, versionOf } from "./state-document.ts";

/** A thing that the file owns. */
export interface Owned {
  readonly address: string;
  readonly id: string;
  /** The host of the file that it is on; left out: this one. */
  readonly host?: string;
  /** What tells that machine from every other one. */
  readonly machine_id?: string;
  /** Where that machine was reached, if it has no id that tells it. */
  readonly host_address?: string;
}

/** The contract of an address: ids of one contract say nothing of those of another. */
export function contractNameOf(address: string): string {
  return address.split(".")[0] ?? "";
}

/** Where the list of what a project file owns lies: one for each file of a folder. */
export function statePath(projectFile: string): string {
  return join(dirname(projectFile), ".guestkit", `${companionName(projectFile)}.state.json`);
}

/** Where earlier releases kept one list for all files of a folder. */
const sharedPath = (projectFile: string): string => join(dirname(projectFile), ".guestkit", "state.json");

/** What is not this file's of a list that was made for another one, or for all of the folder. */
export interface LeftAlone {
  readonly list: string;
  /** The file that it was made for; null: all files of the folder. */
  readonly of: string | null;
  readonly things: readonly Owned[];
}

interface Known {
  /** Who owns the things: the file's own `project`, else a UUID. */
  readonly project: string;
  readonly things: readonly Owned[];
  readonly left: LeftAlone | null;
  /** The list was made for another project, or is gone: records may name another one. */
  readonly isRenamed: boolean;
  /** Addresses that the list has under other ones, by those of now. */
  readonly formerly: ReadonlyMap<string, string>;
}

/** A list's things by what they are asked for. */
interface Index {
  readonly of: readonly Owned[];
  readonly places: Places;
  readonly byAddress: ReadonlyMap<string, readonly Owned[]>;
  /** What each is. */
  readonly things: ReadonlySet<string>;
}

/** What an entry stands for, as it is listed. */
export const ownedBy = (entry: Pick<Entry, "address" | "host">, id: string): Owned => ({ ...thingAt(entry), id });

/** The same with the machine that it is on, which here nobody asks for. */
export function listedAt(
  entry: Pick<Entry, "address" | "host">,
  id: string,
  { machineId, address }: Pick<Site, "machineId" | "address">,
): Owned {
  const thing = ownedBy(entry, id);
  if (entry.host === null) return thing;
  if (machineId !== null) return { ...thing, machine_id: machineId };
  return address === undefined ? thing : { ...thing, host_address: address };
}

/** An entry's address and host, as things are listed by them. */
export const thingAt = ({ address, host }: Pick<Entry, "address" | "host">): Pick<Owned, "address" | "host"> => ({
  ...{ address },
  ...(host !== null && { host }),
});

function indexOf(of: readonly Owned[], places: Places): Index {
  const things = new Set(of.map((each) => tellThing(each, places)));
  return { of, places, byAddress: Map.groupBy(of, ({ address }) => address), things };
}

/**
 * What a project file owns, in the order in which it was made. Nothing but addresses and ids: how things are is read
 * from the world.
 */
export class OwnedThings {
  /** The project file by its canonical path, in which its own name is kept. */
  readonly file: string;
  readonly #of: Project;
  #known: Known;
  #indexed: Index | null = null;
  #writing: Promise<void> = Promise.resolve();
  #places: Places = new Map();

  private constructor(of: Project, file: string, known: Known) {
    this.#of = of;
    this.file = file;
    this.#known = known;
  }

  /** Throws `E_STATE_DAMAGED` and `E_STATE_NEWER`. */
  static async load(project: Project): Promise<OwnedThings> {
    const { file } = project.document;
    const folder = await realpath(dirname(file)).catch(() => dirname(file));
    const canonical = join(folder, basename(file));
    return new OwnedThings(project, canonical, moved(project, await readKnown(project, canonical)));
  }

  /** Reads the list again: another command may have written it while its lock was waited for. Throws as `load`. */
  async reload(): Promise<void> {
    this.#known = moved(this.#of, await readKnown(this.#of, this.file, this.#known.project));
  }

  get project(): string {
    return this.#known.project;
  }

  /** Whether records may name another project than this file's is by now. */
  get isRenamed(): boolean {
    return this.#known.isRenamed;
  }

  /** Whether the file itself names its project. */
  get isNamed(): boolean {
    return this.#of.name !== null;
  }

  get all(): readonly Owned[] {
    return this.#known.things;
  }

  /** Until the first apply has written the file's own list. */
  get left(): LeftAlone | null {
    return this.#known.left;
  }

  /** Where the names of hosts lead, as far as `reach` was told. */
  get places(): Places {
    return this.#places;
  }

  /** From now on things are told apart by the machines that they are on, and not by names of hosts alone. */
  reach(places: Places): void {
    this.#places = places;
  }

  /** What a thing is, as one text. */
  tell(thing: Owned): string {
    return tellThing(thing, this.#places);
  }

  owns(thing: Owned): boolean {
    return this.at(thing.address).some(this.#isSame(thing));
  }

  /** What an address has stood for. */
  at(address: string): readonly Owned[] {
    return this.#index().byAddress.get(address) ?? [];
  }

  /** Under which address the list has what an address stands for by a move; null where it is the same. */
  formerOf(address: string): string | null {
    return this.#known.formerly.get(address) ?? null;
  }

  /** Whether a thing is listed, under whichever address. */
  lists(thing: Owned): boolean {
    return this.#index().things.has(this.tell(thing));
  }

  #index(): Index {
    const { all } = this;
    const places = this.#places;
    if (this.#indexed?.of !== all || this.#indexed.places !== places) this.#indexed = indexOf(all, places);
    return this.#indexed;
  }

  #isSame(thing: Owned): (other: Owned) => boolean {
    const told = this.tell(thing);
    return (other) => this.tell(other) === told;
  }

  /** Adds a thing and writes the list. It belongs to one address: one that had it before has it no more. */
  add(thing: Owned): Promise<void> {
    const isSame = this.#isSame(thing);
    const [known, ...more] = this.at(thing.address).filter(isSame);
    if (known && more.length === 0 && isDeepStrictEqual(known, thing)) return this.settle();
    const others = this.all.filter((each) => !isSame(each));
    return this.#write([...others, thing]);
  }

  remove(thing: Owned): Promise<void> {
    const isSame = this.#isSame(thing);
    return this.#write(this.all.filter((each) => each.address !== thing.address || !isSame(each)));
  }

  /** Writes the file's own list where it goes by another one so far, which is not read any more then, or by old addresses. */
  settle(): Promise<void> {
    return this.left || this.#known.formerly.size > 0 ? this.#write(this.all) : this.#writing;
  }

  #write(things: readonly Owned[]): Promise<void> {
    this.#known = { ...this.#known, things, left: null, formerly: new Map() };
    this.#writing = this.#save();
    return this.#writing;
  }

  /** Those who wait while one is written share the next: it has what all of them meant. */
  readonly #save = sharedLook(() => {
    const document: StateDocument = {
      format_version: versionOf(this.all),
      project: this.project,
      file: this.file,
      resources: this.all,
    };
    return writeWhole(statePath(this.#of.document.file), `${JSON.stringify(document, null, 1)}\n`);
  });
}

type Read = Omit<Known, "formerly">;

function moved(project: Project, known: Read): Known {
  const things = moveThings(project.moves, known.things);
  const formerly = things.flatMap(({ address, from }) => (from === undefined ? [] : [[address, from] as const]));
  return { ...known, things: things.map(({ from: _, ...thing }) => thing), formerly: new Map(formerly) };
}

/** `fresh`: the UUID where nothing has one. */
async function readKnown(project: Project, canonical: string, fresh: string = randomUUID()): Promise<Read> {
  const { file } = project.document;
  const own = await readState(statePath(file));
  if (own?.file === canonical) {
    const named = project.name ?? own.project ?? fresh;
    return { project: named, things: own.resources, left: null, isRenamed: named !== own.project };
  }
  const known = { project: project.name ?? fresh, things: [], left: null, isRenamed: true };
  const list = own ? statePath(file) : sharedPath(file);
  const found = own ?? (await readState(list));
  return found ? { ...known, ...notItsOwn(project, list, found) } : known;
}

/**
 * Of a list that is not this file's own, since all files of the folder had it, what the file declares is the file's. One
 * that came with a copy of the folder lists what is the original's. The rest is named, and never destroyed.
 */
function notItsOwn(project: Project, list: string, found: StateDocument): Pick<Known, "things" | "left"> {
  const isCopy = found.file !== undefined && found.project !== project.name;
  const isIts = isCopy ? () => false : declaredBy(project);
  const { resources, file: of = null } = found;
  return { things: resources.filter(isIts), left: { list, of, things: resources.filter((each) => !isIts(each)) } };
}

async function readState(path: string): Promise<StateDocument | null> {
  const text = await readKeptText(path);
  return text === null ? null : parseState(path, text);
}
