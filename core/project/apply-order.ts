import { isDeclared } from "../engine/adopt.ts";
import type { Contract } from "../model/contract.ts";
import { contractOf } from "../model/registry.ts";
import type { ValueObject } from "../model/value.ts";
import { claimsOf, placesAbove, selfOf } from "./claims.ts";
import { isOneMachine, onMachine, type Places } from "./places.ts";
import type { ProjectChange } from "./plan.ts";
import type { Entry, Project } from "./project.ts";
import { orderRemovals, type Removal } from "./removal-order.ts";
import { type HostName, hostOf } from "./site.ts";
import { contractNameOf, type Owned } from "./state.ts";

/** One piece of an apply: an entry, or a removal. */
export interface Turn {
  readonly address: string;
  /** The thing that goes; null for an entry. */
  readonly removes: Owned | null;
  readonly needs: Set<string>;
  /** What it waits for, however that ends. */
  readonly after: Set<string>;
}
type Turns = ReadonlyMap<string, Turn>;

/** What goes of the changes, each with what it is. */
type Going = Removal & { readonly removes: Owned };

/** No address begins so. */
const keyOf = (at: number | string): string => `-${at}`;

/**
 * All that an apply does, in its order. A thing goes after whatever stands on it: what goes as well, and what this very
 * apply takes from it or makes of it. What goes and stands in the way of what is made or changed (it uses that, or has
 * what only one can have) goes before that, and so does what an entry leaves behind under another id, wherever the first
 * rule lets it. Last, what one entry lets go of is free before another one takes it; of two that swap, one is the first.
 */
export function orderApply(
  { entries, baseDir }: Pick<Project, "entries" | "baseDir">,
  changes: readonly ProjectChange[],
  places: Places = new Map(),
): Turns {
  const claims: Claims = ({ contract, host, state }) => {
    const base = (host === null ? baseDir : places.get(host)?.baseDir) ?? "/";
    return new Set([...claimsOf(contract, state, base)].map((each) => onMachine(host, each, places)));
  };
  const going = changes.flatMap(goingOf);
  const turns = new Map<string, Turn>();
  for (const { address, needs } of entries.values()) turns.set(address, turnOf(address, needs, null));
  for (const [at, { change, needs }] of orderRemovals(going, entries, places))
    turns.set(keyOf(at), turnOf(change.address, needs.map(keyOf), change.removes));
  const byAddress = new Map(changes.map((each) => [each.address, each]));
  const doings = [...entries.values()].map((entry) => doingOf(entry, byAddress.get(entry.address), { claims, places }));
  letUsersBeDone(turns, doings, { going, places });
  letMoversBeDone(turns, { going, entries, places });
  letGoFirst(turns, doings, { going, entries, places, claims });
  handOn(turns, doings);
  return turns;
}

const turnOf = (address: string, needs: readonly string[], removes: Owned | null): Turn => ({
  ...{ address, removes, needs: new Set(needs), after: new Set() },
});

function goingOf({ address, prior, left, removes }: ProjectChange): readonly Going[] {
  return removes ? [{ address, prior: left ?? prior, removes }] : [];
}

/** What an entry has to do with others, before and after. */
interface Doing {
  readonly entry: Entry;
  /** What it uses now, or will use: none of that goes before its turn is over. */
  readonly uses: ReadonlySet<string>;
  /** What is to be free by its turn; null where it changes nothing. */
  readonly wants: ReadonlySet<string> | null;
  /** Whether all that it wants is known. */
  readonly isKnown: boolean;
  /** What it uses now and no longer then, and what it uses only then. */
  readonly frees?: ReadonlySet<string>;
  readonly takes?: ReadonlySet<string>;
}

/** What a thing has to do with its host. */
type Claims = (thing: {
  readonly contract: Contract;
  readonly host: HostName;
  readonly state: ValueObject | null;
}) => ReadonlySet<string>;

interface Where {
  readonly claims: Claims;
  readonly places: Places;
}

function doingOf(entry: Entry, change: ProjectChange | undefined, { claims: claimsOfThing, places }: Where): Doing {
  const { contract, host } = entry;
  const claims = (state: ValueObject | null) => claimsOfThing({ contract, host, state });
  if (contract.kind === "query") return { entry, uses: claims(entry.config), wants: null, isKnown: true };
  if (!change || change.action === "none") return { entry, uses: new Set(), wants: null, isKnown: true };
  const planned = change.plan?.planned ?? {};
  const [before, then] = [claims(change.prior), claims(planned)];
  const [uses, wants] = [new Set([...before, ...then]), new Set(then)];
  if (typeof planned.id === "string") {
    uses.delete(onMachine(host, selfOf(contract.name, planned.id), places));
    for (const each of placesAbove(planned.id)) wants.add(onMachine(host, each, places));
  }
  const [frees, takes] = [before.difference(then), then.difference(before)];
  return { entry, uses, wants, isKnown: isDeclared(contract.input, planned), frees, takes };
}

function letUsersBeDone(
  turns: Turns,
  doings: readonly Doing[],
  { going, places }: Pick<Goings, "going" | "places">,
): void {
  const things = Map.groupBy(going.keys(), (at) => selfOfGoing(going[at] as Going, places));
  for (const { entry, uses } of doings) {
    const used = [...uses].flatMap((each) => things.get(each) ?? []);
    for (const at of used) turns.get(keyOf(at))?.needs.add(entry.address);
  }
}

const selfOfGoing = ({ removes }: Going, places: Places): string =>
  onMachine(hostOf(removes), selfOf(contractNameOf(removes.address), removes.id), places);

/** What an entry leaves behind on another machine is in nothing's way: it stays until there is the one that takes its place. */
function letMoversBeDone(turns: Turns, { going, entries, places }: Omit<Goings, "claims">): void {
  for (const [at, { address, removes }] of going.entries()) {
    const entry = entries.get(address);
    if (entry && !isOneMachine(entry, removes, places)) turns.get(keyOf(at))?.needs.add(address);
  }
}

interface Goings {
  readonly going: readonly Going[];
  readonly entries: Project["entries"];
  readonly places: Places;
  readonly claims: Claims;
}

function letGoFirst(
  turns: Turns,
  doings: readonly Doing[],
  { going, entries, places, claims: claimsOfThing }: Goings,
): void {
  const claims = going.flatMap(({ prior, removes }, at) => {
    const contract = contractOf(contractNameOf(removes.address), "resource");
    const found = claimsOfThing({ contract, host: hostOf(removes), state: prior });
    return [...found].map((claim) => ({ claim, at }));
  });
  const having = Map.groupBy(claims, ({ claim }) => claim);
  const isHere = ({ address, removes }: Going) => {
    const entry = entries.get(address);
    return !entry || isOneMachine(entry, removes, places);
  };
  const left = Map.groupBy(
    going.keys().filter((at) => isHere(going[at] as Going)),
    (at) => (going[at] as Going).address,
  );
  const bound = going.keys().filter((at) => reaches(turns, keyOf(at), (key) => turns.get(key)?.removes === null));
  const isBound = new Set(bound.map(keyOf));
  for (const { entry, wants, isKnown } of doings) {
    if (!wants) continue;
    const wanted = [...wants].flatMap((each) => having.get(each) ?? []).map(({ at }) => at);
    const { needs, after } = turns.get(entry.address) as Turn;
    const put = (at: number, into: Set<string>) => {
      const key = keyOf(at);
      if (!isBound.has(key) || !reaches(turns, key, (other) => other === entry.address)) into.add(key);
    };
    for (const at of left.get(entry.address) ?? []) put(at, needs);
    for (const at of isKnown ? wanted : going.keys()) put(at, after);
  }
}

/** Of what several let go of, or take, more than one can have it: nobody waits for it. */
function handOn(turns: Turns, doings: readonly Doing[]): void {
  const freeing = byClaim(doings, ({ frees = [] }) => frees);
  const taking = byClaim(doings, ({ takes = [] }) => takes);
  for (const [claim, [from, ...more]] of freeing) {
    const [to, ...others] = taking.get(claim) ?? [];
    if (from === undefined || to === undefined || more.length + others.length > 0) continue;
    if (!reaches(turns, from.address, (key) => key === to.address)) turns.get(to.address)?.after.add(from.address);
  }
}

type Claimed = { readonly claim: string; readonly address: string };

/** Addresses of those that have to do with a claim, by claim. */
function byClaim(doings: readonly Doing[], of: (doing: Doing) => Iterable<string>): Map<string, Claimed[]> {
  const all = doings.flatMap((doing) => [...of(doing)].map((claim) => ({ claim, address: doing.entry.address })));
  return Map.groupBy(all, ({ claim }) => claim);
}

/** Whether one turn waits, in whatever way, for one of a kind. */
function reaches(turns: Turns, from: string, isIt: (key: string) => boolean): boolean {
  const seen = new Set([from]);
  for (const key of seen) {
    const { needs, after } = turns.get(key) ?? { needs: [], after: [] };
    for (const each of [...needs, ...after]) {
      if (isIt(each)) return true;
      seen.add(each);
    }
  }
  return false;
}
