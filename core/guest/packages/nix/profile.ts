import type { Tree } from "../../../filesystem/tree.ts";
import { wrong } from "./fault.ts";

/** What a system runs, as a path of its store. */
export interface Profile {
  /** `/nix/store`. */
  readonly store: string;
  readonly path: string;
}

const FOLDER = "/nix/var/nix/profiles";
const STORE = "/nix/store";
/** NixOS' own, then the one of all users, which images of Nix alone have. */
const NAMES = ["system", "default"];
/** The profile's link leads to its generation, that to the store. */
const MAX_LINKS = 8;

/** Throws `E_NIX_PROFILE` where there is none, or it leads elsewhere than into the store. */
export async function readProfile(tree: Tree): Promise<Profile> {
  for (const name of NAMES) {
    let at = `${FOLDER}/${name}`;
    for (let left = MAX_LINKS; left > 0; left--) {
      const target = await tree.readLink(at);
      if (target === null) break;
      at = target.startsWith("/") ? target : `${FOLDER}/${target}`;
      if (isStorePath(at)) return { store: STORE, path: at };
    }
  }
  throw wrong(FOLDER, "PROFILE", `neither ${NAMES.join(" nor ")} leads to a path of ${STORE}`);
}

const isStorePath = (path: string) => path.startsWith(`${STORE}/`) && !path.slice(STORE.length + 1).includes("/");
