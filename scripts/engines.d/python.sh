# Python environments, for the engines that are written in it.
# shellcheck shell=sh disable=SC2034,SC2154

# find_python 3.12 3.13: sets $python to one of these that can make environments, or says what to install. Those of pyenv are
# seen, too: what it has on PATH runs a version only where one is chosen.
find_python() {
  old='' candidates='python3 /usr/bin/python3'
  for each in "$@"; do
    candidates="$candidates python$each $(echo "${PYENV_ROOT:-$HOME/.pyenv}/versions/$each".*/bin/python)"
  done
  for python in $candidates; do
    command -v "$python" >/dev/null || continue
    have=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    case " $* " in
      *" $have "*) ;;
      *) old="; found $have"; continue ;;
    esac
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return 0
    old="; $python lacks the venv module"
  done
  why="needs Python $(printf '%s, ' "$@" | sed 's/, $//; s/\(.*\),/\1 or/') with the venv module$old: on Debian, apt-get install python3-venv"
  return 1
}

# On Debian the module is a package of its own. The shell in between keeps a kill of this script from
# reaching the package manager at work.
install_venv() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  run 'installing python3-venv' env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get update; apt-get install --yes --no-install-recommends python3-venv; exit $?'
}

# python_environment DIR "3.12 3.13" PACKAGE...: an environment in DIR, the engine's folder or one in it, which will stand at
# the engine's final name.
python_environment() {
  into=$1 wanted=$2
  shift 2
  # shellcheck disable=SC2086
  if ! find_python $wanted; then
    needed=$why
    # shellcheck disable=SC2086
    if ! install_venv || ! find_python $wanted; then
      why=$needed
      return 1
    fi
  fi
  run 'making a Python environment' "$python" -m venv "$into" || return 1
  run "installing $*" env PIP_CACHE_DIR="$tree/pip" TMPDIR="$tree/tmp" PIP_DISABLE_PIP_VERSION_CHECK=1 \
    "$into/bin/python" -m pip install --no-input "$@" || return 1
  why="cannot rewrite paths in $into"
  # An environment knows its own folder: in the first lines of its scripts and in pyvenv.cfg.
  grep -rlIF "$into" "$into/bin" "$into/pyvenv.cfg" | while IFS= read -r file; do
    sed -i.before "s|$tree/result|$engines/$name-$version|g" "$file" && rm -f "$file.before" || return 1
  done
}
