#!/bin/sh
# cyclonedx-library takes the word `constructor` for an SPDX licence id, and writes a licence that has none.
#
# Guess: LicenseFactory.makeFromString makes a NamedLicense of any word that is on no list. Seen: words are looked up, in
# lower case, in a plain object, so `constructor` and `__proto__`, which every object has, count as found, and the id that is
# found is no text. In JSON the licence is then without id and name, or its name is an object; the schema of CycloneDX
# refuses both. Way around: take an answer of SPDX.fixupSpdxId only where it is text.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @cyclonedx/cyclonedx-library@10.3.0 spdx-expression-parse@4.0.0 >/dev/null
cat >try.cjs <<'END'
const { Contrib, Enums, Models, Serialize, Spec } = require("@cyclonedx/cyclonedx-library");
const factory = new Contrib.License.Factories.LicenseFactory(require("spdx-expression-parse"));
const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
const wanted = [
  ["mit", '[{"license":{"id":"MIT"}}]'],
  ["Own Licence", '[{"license":{"name":"Own Licence"}}]'],
  ["constructor", '[{"license":{}}]'],
  ["__proto__", '[{"license":{"name":{}}}]'],
];
let failed = 0;
for (const [word, expected] of wanted) {
  const component = new Models.Component(Enums.ComponentType.Library, "sample");
  component.licenses.add(factory.makeFromString(word));
  const bom = new Models.Bom();
  bom.components.add(component);
  const written = JSON.stringify(JSON.parse(serializer.serialize(bom)).components[0].licenses);
  console.log(`${word}: ${written}`);
  if (written !== expected) failed = 1;
}
if (failed) console.error("this has changed");
process.exit(failed);
END
echo "@cyclonedx/cyclonedx-library $(node -p 'require("./node_modules/@cyclonedx/cyclonedx-library/package.json").version')"
node try.cjs
