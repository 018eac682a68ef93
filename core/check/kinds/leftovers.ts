import type { Tree } from "../../filesystem/tree.ts";
import { expandGlob } from "../../guest/glob.ts";
import { matchesWildcard } from "../../guest/wildcard.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Facts } from "../facts.ts";
import type { Leftover, LeftoversRule } from "../rule.ts";
import { type FromFacts, LEFTOVERS, type LeftoverPlace } from "./leftover-places.ts";

/** More homes than a machine has. */
const MAX_HOMES = 1000;
/** More names than the budget of one rule lists. */
const MAX_PATHS = 1_000_000;
/** Paths that are told. */
const SHOWN = 10;
/** Bytes in which what makes a file count has to stand. */
const HEAD = 64 << 10;

/** What is left, by its paths; empty where nothing is. */
export async function checkLeftovers({ kinds, allowed }: LeftoversRule, facts: Facts): Promise<readonly string[]> {
  const places = kinds.flatMap((kind) => (isFromFacts(kind) ? [] : LEFTOVERS[kind]));
  const homes = places.some(({ path }) => path.startsWith("~/")) ? await homesOf(facts) : [];
  const isAllowed = (path: string) => allowed.some((each) => matchesWildcard(path, each));
  const found = new Set<string>();
  for (const kind of kinds.filter(isFromFacts)) {
    const homes = (await facts.users()).map(({ home }) => home);
    for (const folder of [...PLACES_OF_FACTS, ...homes]) facts.demandMounted(folder);
    for (const path of await FROM_FACTS[kind](facts)) if (!isAllowed(path)) found.add(path);
  }
  for (const place of places) {
    for (const pattern of patternsOf(place, homes)) {
      facts.demandMounted(pattern);
      for await (const path of leftAt(facts.tree, pattern, place)) if (!isAllowed(path)) found.add(path);
    }
  }
  const all = [...found].toSorted();
  const more = all.length > SHOWN ? [`${all.length - SHOWN} more files`] : [];
  return [...all.slice(0, SHOWN).map((path) => `${path} is there`), ...more];
}

const FROM_FACTS: Readonly<Record<FromFacts, (facts: Facts) => Promise<readonly string[]>>> = {
  private_keys: async (facts) =>
    (await facts.keys()).private_keys.map(({ path }) => path).filter((path) => !HOST_KEY.test(path)),
  tokens: async (facts) => (await facts.credentials()).filter(({ filled }) => filled).map(({ path }) => path),
};
const isFromFacts = (kind: Leftover): kind is FromFacts => kind in FROM_FACTS;

/** A kind of its own. */
const HOST_KEY = /^\/etc\/ssh\/ssh_host_[^/]+_key$/;
const PLACES_OF_FACTS = ["/etc", "/root", "/home", "/var", "/var/lib"];

/** Each user's, and folders of /home that nobody has any more. */
async function homesOf(facts: Facts): Promise<readonly string[]> {
  facts.demandMounted("/home");
  const named = (await facts.tree.names("/home")).map((name) => `/home/${name}`);
  const own = (await facts.users()).map(({ home }) => home).filter((home) => /^\/[^/]/.test(home));
  const all = [...new Set(["/root", "/etc/skel", ...own, ...named])];
  const there: string[] = [];
  for (const home of all) {
    facts.demandMounted(home);
    if (await facts.tree.resolve(home)) there.push(home);
  }
  if (there.length > MAX_HOMES) throw tooMany(there.length);
  return there;
}

function tooMany(count: number): GuestkitError {
  return new GuestkitError(
    "E_CHECK_HOMES",
    `Cannot look into all homes: there are ${count}, and ${MAX_HOMES} are looked into`,
    {
      help: "Check the files that matter instead: file, with path and state: absent.",
    },
  );
}

const patternsOf = ({ path }: LeftoverPlace, homes: readonly string[]): readonly string[] =>
  path.startsWith("~/") ? homes.map((home) => `${home}${path.slice(1)}`) : [path];

async function* leftAt(tree: Tree, pattern: string, place: LeftoverPlace): AsyncGenerator<string> {
  const waiting = [...(await expandGlob(tree, pattern, MAX_PATHS))];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const node = await tree.resolve(path, { follow: false });
    const stat = node && (await node.fs.stat(node.inode));
    if (stat?.type === "file" && stat.size > 0 && (await counts(tree, path, place))) yield path;
    if (stat?.type !== "directory" || !place.deep) continue;
    for (const name of await tree.names(path)) waiting.push(`${path}/${name}`);
  }
}

async function counts(tree: Tree, path: string, { holds, unless }: LeftoverPlace): Promise<boolean> {
  if (!holds && !unless) return true;
  const source = await tree.open(path);
  const length = Math.min(HEAD, source?.size ?? 0);
  tree.budget.spend("bytes", length, path);
  const text = new TextDecoder().decode((await source?.read(0, length)) ?? new Uint8Array());
  return holds ? holds.test(text) : unless?.test(text) === false;
}
