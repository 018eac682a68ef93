import { type Diagnostic, problem } from "../engine/diagnostic.ts";
import type { FieldPath } from "../engine/path.ts";
import { suggestion } from "../kit/nearest.ts";
import { contracts } from "../model/registry.ts";
import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";
import type { Entry } from "./project.ts";
import { nameOfAddress, readAddress } from "./reference.ts";
import { contractNameOf, type Owned } from "./state.ts";

/** An address that a thing has had, and the one that it has from now on; without a key also for each of several keys. */
export interface Move {
  readonly from: string;
  readonly to: string;
  /** Where it stands in the file. */
  readonly path: FieldPath;
}

const CODE = "E_PROJECT_MOVED";
const HELP = "Write a list: moved: [{ from: virtual_machine.old, to: virtual_machine.new }]";

/** The section `moved`. */
export function readMoves(written: Value | undefined, diagnostics: Diagnostic[]): readonly Move[] {
  if (written === undefined || written === null) return [];
  if (!isList(written)) {
    diagnostics.push(problem("E_FIELD_TYPE", ["moved"], "Cannot use moved: it must be a list", HELP));
    return [];
  }
  return written.flatMap((each, at) => readMove(each, ["moved", at], diagnostics));
}

function readMove(written: Value, path: FieldPath, diagnostics: Diagnostic[]): readonly Move[] {
  const { from, to, ...rest } = isObject(written) ? written : ({} as ValueObject);
  const [unknown] = Object.keys(rest);
  if (typeof from === "string" && typeof to === "string" && unknown === undefined) {
    return [{ from: readAddress(from), to: readAddress(to), path }];
  }
  const why = unknown === undefined ? "it needs two addresses, from and to" : `it has no "${unknown}"`;
  diagnostics.push(problem("E_FIELD_TYPE", path, `Cannot use moved[${path[1]}]: ${why}`, HELP));
  return [];
}

/** What is wrong with moves. Declarations that are `open` may make what is moved to. */
export function checkMoves(
  moves: readonly Move[],
  entries: ReadonlyMap<string, Entry>,
  open: ReadonlySet<string>,
): Diagnostic[] {
  const declared = new Set([...entries.keys(), ...[...entries.keys()].map(nameOfAddress), ...open]);
  const ends = { from: Map.groupBy(moves, ({ from }) => from), to: Map.groupBy(moves, ({ to }) => to) };
  return moves.flatMap((move) => {
    const [why, field, help] = faultOf(move, ends, declared) ?? [];
    if (why === undefined) return [];
    return [problem(CODE, [...move.path, field ?? "from"], `Cannot move ${move.from} to ${move.to}: ${why}`, help)];
  });
}

type Fault = readonly [why: string, field: "from" | "to", help?: string];

/** Moves by each of their ends. */
type Ends = Readonly<Record<"from" | "to", ReadonlyMap<string, readonly Move[]>>>;

function faultOf({ from, to }: Move, ends: Ends, declared: ReadonlySet<string>): Fault | null {
  const isResource = contracts.some(({ kind, name }) => kind === "resource" && name === contractNameOf(to));
  if (!isResource || contractNameOf(from) !== contractNameOf(to))
    return ["both must be resources of one contract", "to", "A thing stays what it is: a machine, an image."];
  // `web` may become `web["a"]`, beside which nothing is `web` any more.
  const stays = from !== nameOfAddress(to) && declared.has(from);
  if (from === to || stays) return [`${from} is still declared`, "from", "Rename it where it is declared as well."];
  if (!declared.has(to) && !declared.has(nameOfAddress(to)))
    return [`${to} is not declared`, "to", `${suggestion(to, [...declared])}Declare it, or leave the move out.`];
  if (ends.from.has(to) || ends.to.has(from))
    return ["it is one of a chain", "from", "Write where each thing ends: from the first address to the last one."];
  if (ends.from.get(from)?.length !== 1 || ends.to.get(to)?.length !== 1)
    return ["one of the two stands there twice", "to", "Keep one move of each address."];
  return null;
}

/** A thing under its new address; where that has a thing already, it stays under its old one. */
export function moveThings(
  moves: readonly Move[],
  things: readonly Owned[],
): readonly (Owned & { readonly from?: string })[] {
  if (moves.length === 0) return things;
  const taken = new Set(things.map(({ address }) => address));
  const byFrom = byOldAddress(moves);
  return things.map((thing) => {
    const to = newAddress(byFrom, thing.address);
    return to === null || taken.has(to) ? thing : { ...thing, address: to, from: thing.address };
  });
}

type ByOldAddress = ReadonlyMap<string, Move>;

const byOldAddress = (moves: readonly Move[]): ByOldAddress => new Map(moves.map((each) => [each.from, each]));

function moveOf(moves: ByOldAddress, address: string): Move | undefined {
  const own = moves.get(address);
  if (own) return own;
  const whole = moves.get(nameOfAddress(address));
  // Each of several keys, where it is no key that one is moved to.
  return whole && whole.to === nameOfAddress(whole.to) ? whole : undefined;
}

function newAddress(moves: ByOldAddress, address: string): string | null {
  const move = moveOf(moves, address);
  return move ? move.to + address.slice(move.from.length) : null;
}

/** Moves that cannot be, since the list has things under both addresses. */
export function stuckMoves(moves: readonly Move[], things: readonly Owned[]): readonly Diagnostic[] {
  const byFrom = byOldAddress(moves);
  const stuck = new Set(things.flatMap(({ address }) => moveOf(byFrom, address) ?? []));
  return [...stuck].map(({ from, to, path }) => {
    const message = `Cannot move ${from} to ${to}: the file owns a thing under each of the two`;
    return problem(CODE, path, message, `Leave the move out: what is ${from} is then destroyed.`);
  });
}
