import { join } from "node:path";
import { makeOwnFolder } from "../../host/folder.ts";
import type { Context } from "../../kit/context.ts";
import type { BootstrapInput } from "./input.ts";
import { quote, script } from "./script.ts";

const UNUSED_DAYS = 60;

/**
 * Downloaded packages are kept for the next bootstrap. Each one links (or copies) them into its own tree and its new
 * ones back, so that bootstraps side by side share no lock; apt checks them as if it had just fetched them.
 */
export async function openPackageCache(input: BootstrapInput, context: Context): Promise<PackageCache> {
  const path = join(context.settings.cacheDir, "apt", `${input.release}-${input.architecture}`);
  await makeOwnFolder(path);
  return { fetch: fetchScript(path), store: storeScript(path) };
}

export interface PackageCache {
  /** Run before anything is downloaded. */
  readonly fetch: string;
  /** Run when packages have been downloaded. */
  readonly store: string;
}

function fetchScript(cache: string): string {
  return script(
    'archives="$1/var/cache/apt/archives"; mkdir -p "$archives"',
    `for deb in ${quote(cache)}/*.deb; do`,
    '[ -e "$deb" ] || continue',
    'ln "$deb" "$archives/" 2>/dev/null || cp -p "$deb" "$archives/" 2>/dev/null || :',
    "done",
  );
}

function storeScript(cache: string): string {
  return script(
    `cache=${quote(cache)}`,
    'for deb in "$1"/var/cache/apt/archives/*.deb; do',
    '[ -e "$deb" ] || continue',
    // The whole file under a name of its own first: another bootstrap must never see half a package.
    'name=$(basename "$deb"); part="$cache/.part-$$"',
    '[ -e "$cache/$name" ] || ln "$deb" "$cache/$name" 2>/dev/null ||',
    '{ cp -p "$deb" "$part" && mv -f "$part" "$cache/$name"; } || rm -f "$part"',
    "done",
    `find "$cache" -maxdepth 1 -type f -atime +${UNUSED_DAYS} -ctime +${UNUSED_DAYS} -delete || :`,
  );
}
