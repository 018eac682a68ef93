import type { FileSystem } from "../../filesystem/filesystem.ts";
import type { Tree, TreeNode } from "../../filesystem/tree.ts";
import { keyFile } from "../../guest/authorized-keys.ts";
import { expandGlob } from "../../guest/glob.ts";
import { matchesWildcard } from "../../guest/wildcard.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Facts } from "../facts.ts";
import type { Leftover, LeftoversRule } from "../rule.ts";
import { type FromFacts, KEY_FILES, LEFTOVERS, type LeftoverPlace } from "./leftover-places.ts";

/** More homes than a machine has. */
const MAX_HOMES = 1000;
/** More accounts than a machine has, each with a file or two of keys. */
const MAX_KEY_FILES = 20_000;
/** More names than the budget of one rule lists. */
const MAX_PATHS = 1_000_000;
/** Paths that are told. */
const SHOWN = 10;
/** Bytes of a file in which it is looked for what makes it count. */
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
  const seen = new Map<FileSystem, Set<number>>();
  for (const place of places) {
    for (const start of await startsOf(place, homes, facts)) {
      for await (const { path, node } of leftAt(facts.tree, start, place))
        if (!isAllowed(path) && isNew(node, seen)) found.add(path);
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
  const own = (await facts.users()).map(({ home }) => home).filter((home) => home.startsWith("/"));
  const all = new Set(["/root", "/etc/skel", ...own.map((home) => home.replace(/\/+$/, "")), ...named]);
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

/** The name of a home is no pattern, whatever stands in it. */
async function startsOf({ path }: LeftoverPlace, homes: readonly string[], facts: Facts): Promise<readonly string[]> {
  if (path === KEY_FILES) return await keyFiles(facts);
  const paths = path.startsWith("~/") ? homes.map((home) => `${home}${path.slice(1)}`) : [path];
  for (const each of paths) facts.demandMounted(each);
  return path.startsWith("~/") ? paths : await expandGlob(facts.tree, path, MAX_PATHS);
}

/** Each user's, for everybody and in `Match` blocks. */
async function keyFiles(facts: Facts): Promise<readonly string[]> {
  const [sshd, users] = [await facts.sshd(), await facts.users()];
  const said = [...(sshd?.settings ?? []), ...(sshd?.matches ?? []).flatMap(({ settings }) => settings)];
  const values = said.flatMap(({ keyword, value }) => (keyword === "authorizedkeysfile" ? value.split(/\s+/) : []));
  const places = [...new Set(values)].filter((each) => each !== "" && !/^none$/i.test(each));
  if (users.length * places.length > MAX_KEY_FILES) throw tooMany(users.length);
  const paths = new Set(users.flatMap((user) => places.map((place) => keyFile(place, user))));
  for (const each of paths) facts.demandMounted(each);
  return [...paths];
}

interface Left {
  readonly path: string;
  readonly node: TreeNode;
}

/** A link at the place itself is what it leads to: whoever uses the place follows it. */
async function* leftAt(tree: Tree, start: string, place: LeftoverPlace): AsyncGenerator<Left> {
  const first = await tree.resolve(start);
  const waiting: Left[] = first ? [{ path: start, node: first }] : [];
  for (let left = waiting.pop(); left !== undefined; left = waiting.pop()) {
    const { path, node } = left;
    const stat = await node.fs.stat(node.inode);
    if (stat.type === "file" && stat.size > 0 && (await counts(tree, left, place))) yield left;
    if (stat.type !== "directory" || !place.deep) continue;
    // By what the names lead to: some are no text.
    for (const child of await tree.children(node)) waiting.push({ path: `${path}/${child.name}`, node: child.node });
  }
}

/** A file that several places lead to is told once. */
function isNew({ fs, inode }: TreeNode, seen: Map<FileSystem, Set<number>>): boolean {
  const known = seen.get(fs) ?? new Set();
  seen.set(fs, known);
  return known.size < known.add(inode).size;
}

async function counts(tree: Tree, { path, node }: Left, { holds, unless }: LeftoverPlace): Promise<boolean> {
  const source = holds || unless ? await node.fs.open(node.inode) : null;
  // Of one that is longer it is not known.
  if (!source || source.size > HEAD) return true;
  tree.budget.spend("bytes", source.size, path);
  const text = new TextDecoder().decode(await source.read(0, source.size));
  return holds ? holds.test(text) : unless?.test(text) === false;
}
