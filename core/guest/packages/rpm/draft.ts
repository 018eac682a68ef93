import { type Installed, timeOf } from "../package.ts";
import { NAME } from "./layout.ts";

/** What was read of a header: of which fields there are texts, in the order that those are kept in, and its numbers. */
export interface Draft {
  readonly fields: number[];
  readonly numbers: (number | null)[];
}

/** The package, whose texts stand in `all` from `first` on; its fields are in the order of `TEXT_TAGS` and `NUMBER_TAGS`. */
export function packageOf({ fields, numbers }: Draft, all: readonly string[], first: number): Installed {
  const texts: (string | null)[] = [null, null, null, null, null, null, null];
  for (let each = 0; each < fields.length; each++) texts[fields[each] ?? NAME] = all[first + each] ?? null;
  const source = texts[6] ?? null;
  return {
    name: texts[NAME] ?? "",
    epoch: numbers[0] ?? null,
    version: texts[1] ?? "",
    release: texts[2] ?? null,
    arch: texts[5] ?? null,
    size: numbers[3] ?? numbers[2] ?? null,
    vendor: texts[3] ?? null,
    license: texts[4] ?? null,
    status: "installed",
    source: source && sourceName(source),
    installed_at: timeOf(numbers[1] ?? null),
  };
}

/** `bash` of `bash-5.2.26-3.fc40.src.rpm`: name, version and release hold no hyphen but between them and in the name. */
function sourceName(file: string): string {
  const release = file.lastIndexOf("-");
  const version = file.lastIndexOf("-", release - 1);
  return release > 0 && version > 0 ? file.slice(0, version) : file;
}
