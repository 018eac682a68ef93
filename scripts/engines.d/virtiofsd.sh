# virtiofsd: serves host folders to machines as an ordinary user. Debian 12 has only an older one that needs root.
# shellcheck shell=sh disable=SC2034,SC2154

version=1.14.0
recipe='cargo install --locked'
programs=virtiofsd:$version
effort='about 2 minutes on 2 cores'

on_path() {
  have=$(virtiofsd --version 2>/dev/null | sed -n 's/^virtiofsd //p')
  if at_least "$have" 1.10; then printf 'virtiofsd:%s\n' "$have"; fi
}

build() {
  cargo=$(command -v cargo || command -v "$HOME/.cargo/bin/cargo") || {
    why='needs cargo (Rust): install it, or virtiofsd itself where the distribution has it'
    return 1
  }
  # What was compiled before a kill is kept: the next run goes on with it.
  run 'virtiofsd: compiling' env CARGO_TARGET_DIR="$tree/target" RUSTC_WRAPPER= \
    "$cargo" install --locked --root "$tree/root" --force "virtiofsd@$version" &&
    mv "$tree/root/bin/virtiofsd" "$1/virtiofsd"
}
