/**
 * The version begins behind the first hyphen that no letter follows (Nix's builtins.parseDrvName); empty where there is
 * none such.
 */
export function parseName(full: string): { readonly name: string; readonly version: string } {
  const at = full.search(/-[^A-Za-z]/);
  return at < 0 ? { name: full, version: "" } : { name: full.slice(0, at), version: full.slice(at + 1) };
}
