#!/bin/sh
# CDKTN 0.24 makes bindings of a Terraform attribute named `with` that TypeScript refuses: constructs has a method with that name.
#
# Guess: its generator gives an attribute another name where every construct has a member of that name, as it does for
# `node`. Seen: not so for `with`, a method that every construct has had since constructs 10.5, nor for `to_string`, which
# has always clashed (TS2416, TS2423). With constructs 10.4.2, which the range of cdktn 0.24 does not take (and which the
# last CDKTF, 0.21, works with), `with` compiles. Way around: attributes of other names.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset TF_CLI_CONFIG_FILE

cat >make.cjs <<'EOF'
const { generateProviderBindingsFromSchema } = require("@cdktn/provider-generator");
const attribute = (name) => ({ [name]: { type: "string", optional: true } });
const schemaOf = (name) => ({ version: 0, block: { attributes: attribute(name) } });
const names = ["with", "node", "to_string", "other"];
const resource_schemas = Object.fromEntries(names.map((name) => [`sample_of_${name}`, schemaOf(name)]));
const sample = { provider: { version: 0, block: {} }, resource_schemas, data_source_schemas: {} };
generateProviderBindingsFromSchema("gen", {
  format_version: "1.0",
  provider_schemas: { "registry.terraform.io/sample/sample": sample },
});
EOF

seen=0
try() {
  npm install --silent --no-audit --no-fund --legacy-peer-deps "constructs@$1" cdktn@0.24.0 \
    @cdktn/provider-generator@0.24.0 typescript@5.9.3 @types/node@24.19.4 >/dev/null
  rm -rf gen && node make.cjs
  for name in with node to_string other; do
    file=$(find gen -path "*of-$(echo "$name" | tr _ -)/index.ts")
    errors=$(npx tsc --noEmit --strict --skipLibCheck --target es2022 --module node16 --moduleResolution node16 \
      --types node "$file" | grep -o "TS[0-9]*" | sort -u | paste -sd" ") || true
    echo "constructs $1, attribute $name: ${errors:-compiles}"
    case "$1 $name $errors" in
      "10.6.0 with TS2416 TS2423" | "10.6.0 node " | "10.6.0 to_string TS2322 TS2416 TS2423" | "10.6.0 other ") seen=$((seen + 1)) ;;
      "10.4.2 with " | "10.4.2 node " | "10.4.2 to_string TS2322 TS2416 TS2423" | "10.4.2 other ") seen=$((seen + 1)) ;;
    esac
  done
}
try 10.6.0
try 10.4.2
[ "$seen" = 8 ] || { echo 'this has changed' >&2; exit 1; }
