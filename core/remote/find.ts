import { VERSION } from "../kit/version.ts";
import { ENGINES } from "./bring.ts";

/**
 * How a script finds what to run on a host: the engine of this release that was brought there, else the one that was brought
 * last, else what is installed there. `E` is its path, empty where there is none.
 */
export const FIND: readonly string[] = [
  "cd",
  "unset GUESTKIT_HOST",
  ...ENGINES,
  'E="$B/current"',
  `case $(cd "$E" 2> /dev/null && pwd -P) in */${VERSION}-*) ;; *) for D in "$B/${VERSION}-$(uname -m)-"*; do if isWhole "$D"; then E=$D; fi; done; esac`,
  'PATH="$PATH:$HOME/.local/bin:/usr/local/bin"',
  'if isWhole "$E" && isSafe "$E"; then touch -c "$E" 2> /dev/null; E="$E/guestkit"; else E=; fi',
  'test -n "$E" || E=$(command -v guestkit) || E=',
];
