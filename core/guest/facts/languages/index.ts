import { isRefusal } from "../../../kit/budget.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import type { FactKind, Known } from "../fact.ts";
import { type Find, findLanguages } from "./find.ts";
import { readGems } from "./gems.ts";
import { readJar } from "./jars.ts";
import { readNodeModules } from "./node-modules.ts";
import type { LanguagePackage } from "./package.ts";
import { readProgram } from "./programs.ts";
import { readPython } from "./python.ts";

export type { LanguagePackage } from "./package.ts";

const READERS: Readonly<Record<Find["kind"], (known: Known, find: Find) => Promise<readonly LanguagePackage[]>>> = {
  python: ({ tree }, find) => readPython(tree, find),
  node: readNodeModules,
  gems: ({ tree }, find) => readGems(tree, find),
  program: readProgram,
  jar: readJar,
};

/** Further ones are counted. */
const MAX_WARNINGS = 10;

/** Packages of languages wherever they are usually put, by their kind, name and place. */
export const languages: FactKind<readonly LanguagePackage[]> = {
  share: { bytes: 512 << 20, names: 400_000, steps: 800_000 },
  read: async (known) => {
    const found: LanguagePackage[] = [];
    let odd = 0;
    for await (const find of findLanguages(known.tree, known.users ?? [], known.warn)) {
      try {
        for (const each of await READERS[find.kind](known, find)) found.push(each);
      } catch (error) {
        if (isRefusal(error) || !(error instanceof GuestkitError)) throw error;
        if (++odd <= MAX_WARNINGS) known.warn(`${find.path} tells no packages: ${error.message}`);
      }
    }
    if (odd > MAX_WARNINGS) known.warn(`${odd - MAX_WARNINGS} further files tell no packages`);
    return found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  },
};

const keyOf = ({ ecosystem, name, version, path }: LanguagePackage) =>
  `${ecosystem}\0${name}\0${version ?? ""}\0${path}`;
