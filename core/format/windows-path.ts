import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import type { ParentName } from "./linked-parent.ts";

/** Such a name is there to write lines of its own into messages. */
const CONTROL = /\p{Cc}/u;
/** A drive, a share or device, or a URL. */
const ABSOLUTE = /^(?:[A-Za-z]:|\/)/;

/**
 * Where a parent may be that is named in the way of Windows: relative names as they are; absolute ones of Unix too, as tools
 * there write them; and, since no drive of Windows is here, the last part of each beside the image.
 * Throws `E_IMAGE_REFERENCE` for names that no file has.
 */
export function parentNames(written: readonly string[], namedBy: string): readonly ParentName[] {
  const slashed = written
    .filter((each) => each !== "")
    .map((each) => ({ written: each, path: checked(each, namedBy).replaceAll("\\", "/") }));
  const relative = slashed.filter(({ path }) => !ABSOLUTE.test(path));
  const unix = slashed.filter(({ path }) => path.startsWith("/") && !path.startsWith("//"));
  const beside = slashed.flatMap(({ written, path }) => {
    const last =
      path
        .split("/")
        .at(-1)
        ?.replace(/^[A-Za-z]:/, "") ?? "";
    return /^\.{0,2}$/.test(last) ? [] : [{ written, path: last }];
  });
  const all = [...relative.map((each) => ({ ...each, path: each.path.replace(/^(?:\.\/)+/, "") })), ...unix, ...beside];
  return all.filter(({ path }, index) => path !== "" && all.findIndex((each) => each.path === path) === index);
}

function checked(name: string, namedBy: string): string {
  if (!CONTROL.test(name)) return name;
  const what = `it names "${printable(name)}" as its parent, which no file of a person's is called`;
  throw new GuestkitError("E_IMAGE_REFERENCE", `Cannot open "${namedBy}": ${what}`, {
    at: { file: namedBy },
    help: "Have it converted where its parent is known, into one image that stands alone.",
  });
}

/** The path in a `file:` URL; null where it is none, or leads to another host. */
export function pathOfUrl(url: string): string | null {
  const path = /^file:\/\/(?:localhost)?([./].*)$/s.exec(url)?.[1];
  if (path === undefined) return null;
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
