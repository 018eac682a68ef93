# Ansible and its linter, in a Python environment of their own.
# shellcheck shell=sh disable=SC2034,SC2154
#
# `ansible-test sanity --venv` makes further environments below its HOME. Where pip's bootstrap
# script cannot be downloaded, the one who runs it gives it a HOME of its own, and there a file
# .ansible/test/cache/get_pip_24_2.py that calls ensurepip.bootstrap(upgrade=True, default_pip=True).

version=2.19.14
lint=26.10.1
recipe="lint $lint"
inside=bin
effort='less than a minute'
programs=''
for program in ansible-playbook ansible ansible-config ansible-console ansible-doc ansible-galaxy \
  ansible-inventory ansible-pull ansible-test ansible-vault; do
  programs="$programs $program:$version"
done
programs="${programs# } ansible-lint:$lint"

# Another 2.19 will do; 2.20 no longer runs on Python 3.11, with which the collection is tested.
on_path() {
  export NO_COLOR=1
  have=$(ansible-playbook --version 2>/dev/null | sed -n '1s/.*core \([0-9.]*\).*/\1/p')
  case $have in 2.19.*) ;; *) return 0 ;; esac
  linter=$(ansible-lint --version --offline 2>/dev/null | sed -n 's/^ansible-lint \([0-9.]*\).*/\1/p')
  [ -n "$linter" ] || return 0
  for program in $programs; do
    command -v "${program%%:*}" >/dev/null || return 0
  done
  for program in $programs; do
    case $program in
      ansible-lint:*) printf 'ansible-lint:%s\n' "$linter" ;;
      *) printf '%s:%s\n' "${program%%:*}" "$have" ;;
    esac
  done
}

# Sets $python to one that can make environments, or says what to install.
find_python() {
  old=''
  for python in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    command -v "$python" >/dev/null || continue
    have=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    case $have in
      3.11 | 3.12 | 3.13) ;;
      *) old="; found $have"; continue ;;
    esac
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return 0
    old="; $python lacks the venv module"
  done
  why="needs Python 3.11, 3.12 or 3.13 with the venv module$old: on Debian, apt-get install python3-venv"
  return 1
}

# On Debian the module is a package of its own. The shell in between keeps a kill of this script from
# reaching the package manager at work.
install_venv() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  run 'installing python3-venv' env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get update; apt-get install --yes --no-install-recommends python3-venv; exit $?'
}

build() {
  if ! find_python; then
    needed=$why
    if ! install_venv || ! find_python; then
      why=$needed
      return 1
    fi
  fi
  run 'making a Python environment' "$python" -m venv "$1" || return 1
  run "installing ansible-core $version and ansible-lint $lint" \
    env PIP_CACHE_DIR="$tree/pip" TMPDIR="$tree/tmp" PIP_DISABLE_PIP_VERSION_CHECK=1 \
    "$1/bin/python" -m pip install --no-input "ansible-core==$version" "ansible-lint==$lint" || return 1
  why="cannot rewrite paths in $1"
  # An environment knows its own folder: in the first lines of its scripts and in pyvenv.cfg.
  grep -rlIF "$1" "$1/bin" "$1/pyvenv.cfg" | while IFS= read -r file; do
    sed -i.before "s|$1|$engines/$name-$version|g" "$file" && rm -f "$file.before" || return 1
  done
}
