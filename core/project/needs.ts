import { canonical, canonicalFields } from "../engine/normalise.ts";
import type { Entry } from "./project.ts";
import { textsOf } from "./secrets.ts";
import { onHost } from "./site.ts";
import { references } from "./template.ts";

/** The entries, each with the addresses of what it refers to, names, or gives the path of. Relative ones from `baseDir`. */
export function withNeeds(entries: readonly Entry[], baseDir: string): readonly Entry[] {
  const byName = Map.groupBy(entries, nameKey);
  const byPath = new Map(
    entries.flatMap((entry) =>
      pathOf(entry, baseDir).map((path) => [onHost(entry.host, path), entry.address] as const),
    ),
  );
  return entries.map((entry) => {
    const needs = [...referredTo(entry), ...named(entry, byName), ...placed(entry, byPath, baseDir)];
    return { ...entry, needs: [...new Set(needs)] };
  });
}

function referredTo({ config }: Entry): readonly string[] {
  return [...references(config)].flatMap(([each]) => (each.kind === "entry" ? [each.address] : []));
}

/** A thing of the file that is called by its name (`template_vm: debian`) is needed as one that is referred to. */
function named(entry: Entry, byName: ReadonlyMap<string, readonly Entry[]>): readonly string[] {
  const found = entry.contract.input.flatMap(({ name, refersTo }) => {
    const value = entry.config[name];
    if (refersTo === undefined || typeof value !== "string") return [];
    return (byName.get(onHost(entry.host, `${refersTo} ${value}`)) ?? []).filter((each) => each !== entry);
  });
  return found.map(({ address }) => address);
}

const nameKey = ({ contract, config, host }: Entry): string => {
  const name = config[contract.identity[0] ?? ""];
  return onHost(host, `${contract.name} ${typeof name === "string" ? name : ""}`);
};

/** The path of what an entry makes, where its path is what tells it from others. */
function pathOf({ contract, config }: Entry, baseDir: string): readonly string[] {
  const [field, ...more] = contract.input.filter(({ name }) => contract.identity.includes(name));
  const value = field && config[field.name];
  if (contract.kind !== "resource" || field?.type.kind !== "path" || more.length > 0) return [];
  return typeof value === "string" ? [String(canonical(field.type, value, baseDir))] : [];
}

/** So is a file that is given by its path: `image: ./web.qcow2`. A reference within a path counts as it is written. */
function placed(entry: Entry, byPath: ReadonlyMap<string, string>, baseDir: string): readonly string[] {
  const own = pathOf(entry, baseDir);
  const texts = textsOf(canonicalFields(entry.contract.input, entry.config, baseDir));
  return texts.flatMap((text) => (own.includes(text) ? [] : (byPath.get(onHost(entry.host, text)) ?? [])));
}
