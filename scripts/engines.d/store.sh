# The cache: NAME-VERSION/ holds an engine and the recipe it was made by, bin/ links to its programs.
# shellcheck shell=sh disable=SC2034,SC2154
#
# A recipe NAME.sh declares
#   version    the engine's; together with `recipe` it decides whether a rebuild is needed
#   recipe     everything else that goes into the build, as one line
#   programs   words "program:version" that it provides, the engine's own first
#   inside     the folder of its programs below NAME-VERSION, when it is not that folder itself
#   effort     how long it takes, in words
#   optional   what to tell the user, for an engine that is used when there and never built
#   on_path    prints such words when PATH has them new enough, else nothing
#   build DIR  builds in $tree and leaves what NAME-VERSION shall be in DIR; on failure says $why

home() { printf '%s' "$engines/$name-$version${inside:+/$inside}"; }

built() {
  [ "$(cat "$engines/$name-$version/recipe" 2>/dev/null)" = "$version $recipe" ] || return 1
  for program in $programs; do
    [ -x "$(home)/${program%%:*}" ] || return 1
  done
}

# Builds in a folder beside, renames, links: whatever is at its final name is whole.
make() {
  tree=$trees/$name-$version log=$logs/$name-$version.log
  discard "$tree/result"
  mkdir -p "$tree/result" "$tree/tmp" || { why="cannot write to $tree"; return 1; }
  : >"$log"
  build "$tree/result" || return 1
  printf '%s\n' "$version $recipe" >"$tree/result/recipe"
  if [ -e "$engines/$name-$version" ]; then
    discard "$tree/former"
    mv "$engines/$name-$version" "$tree/former"
  fi
  if mv "$tree/result" "$engines/$name-$version" && link; then
    rm -f "$log"
  else
    why="cannot write to $engines"
    return 1
  fi
}

# Points bin/ at this version, then removes what other versions and half-done builds left.
link() {
  for program in $programs; do
    program=${program%%:*}
    target=../$name-$version${inside:+/$inside}/$program
    [ "$(readlink "$bin/$program" 2>/dev/null)" != "$target" ] || continue
    ln -sf "$target" "$bin/.$program" && mv -f "$bin/.$program" "$bin/$program" || return 1
  done
  for old in "$engines/$name"-[0-9]* "$trees/$name"-[0-9]*; do
    [ "$old" = "$engines/$name-$version" ] || discard "$old"
  done
}

# PATH has the engine: an older one of ours must not stand in front of it.
retire() {
  for program in $programs; do
    rm -f "$bin/${program%%:*}"
  done
  for old in "$engines/$name"-[0-9]* "$trees/$name"-[0-9]*; do
    discard "$old"
  done
}

discard() {
  [ -e "$1" ] || return 0
  rm -rf "$1" 2>/dev/null || { chmod -R u+w "$1"; rm -rf "$1"; }
}
