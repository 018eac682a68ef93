import { readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

const core = resolve(import.meta.dirname, "../../../core");

/** Who imports whom in the core, types and lazy imports too: paths below core/, a package by its name. */
export type Imports = ReadonlyMap<string, readonly string[]>;

const SPECIFIERS = /^(?:import|export)\b[^"';]*?from "([^"]+)"|^import "([^"]+)"|\bimport\(\s*"([^"]+)"/gm;

export async function readImports(): Promise<Imports> {
  const names = (await readdir(core, { recursive: true })).filter(isSource);
  const read = names.map(async (name) => [name, importsOf(name, await readFile(join(core, name), "utf8"))] as const);
  return new Map(await Promise.all(read));
}

/** The layers that there are: folders of the core. */
export async function readLayers(): Promise<readonly string[]> {
  const found = await readdir(core, { withFileTypes: true });
  return found.flatMap((each) => (each.isDirectory() && isSource(`${each.name}/x.ts`) ? [each.name] : []));
}

/** Probes are another test's, which may stand there while this one reads. */
const isSource = (name: string): boolean =>
  name.endsWith(".ts") && !/^(dist|generated|node_modules)\/|\/probe-layers-\d+\.ts$/.test(name);

function importsOf(name: string, text: string): readonly string[] {
  return [...text.matchAll(SPECIFIERS)].map(([, from, bare, lazy]) => {
    const specifier = from ?? bare ?? lazy ?? "";
    return specifier.startsWith(".") ? join(dirname(name), specifier) : specifier;
  });
}

/** The same with one more import. */
export function planted(imports: Imports, from: string, to: string): Imports {
  return new Map([...imports, [from, [...(imports.get(from) ?? []), to]]]);
}

/** Imports of a layer that its row does not name, or that does not stand above it in the list: `FROM -> TO`. */
export function crossing(imports: Imports, layers: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const order = Object.keys(layers);
  return arrows(imports).flatMap(([from, to]) => {
    const [own, other] = [layerOf(from), layerOf(to)];
    if (own === other || own === null || other === null || other === "generated") return [];
    const fits = layers[own]?.includes(other) && order.indexOf(other) < order.indexOf(own);
    return fits ? [] : [`${from} -> ${to}`];
  });
}

/** Circles among folders that lie side by side, at whatever depth: what a folder holds counts as it. */
export function circlesOfFolders(imports: Imports): readonly string[] {
  const graphs = new Map<string, Map<string, Set<string>>>();
  for (const [from, to] of arrows(imports)) {
    const [one, other] = [dirname(from).split("/"), dirname(to).split("/")];
    const shared = one.findIndex((name, at) => name !== other[at]);
    const [own, its] = [one[shared], other[shared]];
    // Where one is the other's own folder, there is no second one beside it.
    if (shared < 0 || own === undefined || its === undefined || own === "." || its === ".") continue;
    const above = one.slice(0, shared).join("/");
    const graph = graphs.get(above) ?? new Map<string, Set<string>>();
    graphs.set(above, graph.set(own, (graph.get(own) ?? new Set()).add(its)));
  }
  return [...graphs].flatMap(([above, graph]) => circles(graph).map((circle) => `${above || "core"}: ${circle}`));
}

/** Circles among the files of a layer. */
export function circlesOfFiles(imports: Imports, layer: string): readonly string[] {
  const inside = arrows(imports).filter(([from, to]) => layerOf(from) === layer && layerOf(to) === layer);
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of inside) graph.set(from, (graph.get(from) ?? new Set()).add(to));
  return circles(graph);
}

/** What imports one of these packages: layers. */
export function importersOf(imports: Imports, packages: readonly string[]): readonly string[] {
  const found = [...imports].flatMap(([from, to]) => (to.some((each) => packages.includes(each)) ? [from] : []));
  return [...new Set(found.map((from) => layerOf(from) ?? from))].toSorted();
}

function arrows(imports: Imports): readonly (readonly [from: string, to: string])[] {
  return [...imports].flatMap(([from, all]) => all.filter((to) => to.endsWith(".ts")).map((to) => [from, to] as const));
}

/** Null for a file of no layer: the public index. */
const layerOf = (path: string): string | null => (path.includes("/") ? (path.split("/")[0] ?? null) : null);

/** Each node that leads back to itself, with those that it shares the circle with: `a, b`. */
function circles(graph: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const reach = new Map([...graph.keys()].map((node) => [node, reachable(graph, node)]));
  const inCircle = [...reach].filter(([node, all]) => all.has(node)).map(([node]) => node);
  const whole = inCircle.map((node) =>
    inCircle.filter((other) => reach.get(node)?.has(other) && reach.get(other)?.has(node)),
  );
  return [...new Set(whole.map((nodes) => nodes.toSorted().join(", ")))];
}

function reachable(graph: ReadonlyMap<string, ReadonlySet<string>>, start: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const next = [...(graph.get(start) ?? [])];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    next.push(...(graph.get(at) ?? []));
  }
  return seen;
}
