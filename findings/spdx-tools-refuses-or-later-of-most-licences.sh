#!/bin/sh
# spdx-tools holds `Apache-2.0+` for an unknown licence, and licences with an exception in their name for exceptions.
#
# Guess: SPDX 2.3 (annex D) lets any licence of its list be followed by `+`, and its list has elder names such as
# GPL-2.0-with-classpath-exception, so both are taken. Seen: `+` is known of those alone whose elder names end in it (GPL,
# LGPL, AGPL, GFDL); with any other licence the document is invalid. The elder names with an exception are taken for an
# exception that stands alone. Way around: LicenseRef- for such licences, or `GPL-2.0-only WITH Classpath-exception-2.0`.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check spdx-tools==0.8.5 license-expression==30.4.4
python/bin/pip list --disable-pip-version-check 2>/dev/null | grep -E '^(spdx-tools|license-expression) '

failed=0
# $1: a licence; $2: whether a document that declares it is valid.
try() {
  cat >document.spdx.json <<END
{ "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "sample",
  "documentNamespace": "https://example.org/sample", "documentDescribes": ["SPDXRef-package"],
  "creationInfo": { "created": "2026-01-01T00:00:00Z", "creators": ["Tool: none"] },
  "packages": [{ "SPDXID": "SPDXRef-package", "name": "package", "downloadLocation": "NOASSERTION",
    "filesAnalyzed": false, "licenseDeclared": "$1" }] }
END
  python/bin/pyspdxtools -i document.spdx.json >said 2>&1 && got=yes || got=no
  echo "-- $1 is valid: $got"
  [ "$got" = yes ] || grep -m 1 -oE "Unknown license.*[^']+|A license exception symbol[^.]*" said || tail -n 1 said
  [ "$got" = "$2" ] || { echo "changed"; failed=1; }
}
try Apache-2.0 yes
try Apache-2.0+ no
try MPL-1.1+ no
try LGPL-2.1+ yes
try 'GPL-2.0-only WITH Classpath-exception-2.0' yes
try GPL-2.0-with-classpath-exception no
exit $failed
