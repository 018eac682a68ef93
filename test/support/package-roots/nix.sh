#!/bin/sh
# nix.sh FOLDER: a root with a store and a system's profile that Nix has built, below FOLDER/root; in FOLDER/told
# what its profile needs, as Nix lists it and splits its names: lines `NAME VERSION`.
set -eu
mkdir -p "$1/etc"
cd "$1"
export NIX_CONF_DIR="$PWD/etc" HOME="$PWD/home"
# Nothing is fetched, and builders are this user in a sandbox with the host's shell.
printf '%s\n' 'substituters =' 'build-users-group =' 'sandbox-paths = /bin /lib /lib64' >etc/nix.conf
cat >system.nix <<'END'
let
  make = name: needs: derivation {
    inherit name needs;
    outputs = if builtins.match ".*ssl.*" name == null then [ "out" ] else [ "out" "bin" "man" ];
    system = builtins.currentSystem;
    builder = "/bin/sh";
    args = [ "-c" "for each in $outputs; do eval \"echo $each $needs > \\$$each\"; done" ];
  };
  zlib = make "zlib-1.2.13" [ ];
  openssl = make "openssl-3.0.12" [ zlib ];
  many = builtins.genList (at: make "lib-${toString at}-with-a-long-name-0.${toString at}" [ zlib ]) 40;
  unit = make "unit-ssh.service" [ openssl.bin ];
  # No letter follows the hyphen before a version.
  odd = [ (make "python3-3.11.6" [ ]) (make "x-264-unstable-2023-01-01" [ ]) (make "no-version" [ ]) ];
in
make "nixos-system-host-23.11" ([ unit (builtins.toFile "copied-2.5" "text") ] ++ odd ++ many)
END
store="$PWD/root"
nix-build --quiet --store "$store" -o system system.nix >log 2>&1 || { cat log >&2; exit 1; }
system=$(readlink system)
# A generation before, which nothing is needed by any more, and the one that counts.
nix-build --quiet --store "$store" -o old --expr 'derivation { name = "old-1.0"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo > $out" ]; }' >>log 2>&1 || { cat log >&2; exit 1; }
for each in "$(readlink old)" "$system"; do
  nix-env --quiet --store "$store" -p "$store/nix/var/nix/profiles/system" --set "$each" >>log 2>&1
done
nix-store --store "$store" --query --requisites "$system" 2>>log >paths
# What a path was made of names it without its output.
xargs nix-store --store "$store" --query --deriver <paths 2>>log | paste -d ' ' - paths |
  sed -E 's/^unknown-deriver //; s/\.drv .*//' | sort -u >made
cat >names.nix <<'END'
builtins.concatStringsSep "" (map (path: let
  split = builtins.parseDrvName (builtins.substring 44 (-1) path);
in if split.version == "" then "" else "${split.name} ${split.version}\n")
  (builtins.filter (each: each != "" && builtins.isString each) (builtins.split "\n" (builtins.readFile ./made))))
END
# As JSON it is text in quotes.
nix-instantiate --quiet --store "$store" --eval --json names.nix 2>>log | python3 -c 'import json, sys; print(json.load(sys.stdin), end="")' | sort >told
rm -r root/nix/var/nix/db/reserved root/nix/store/.links system old
