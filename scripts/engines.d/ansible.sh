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

build() {
  python_environment "$1" '3.11 3.12 3.13' "ansible-core==$version" "ansible-lint==$lint"
}
