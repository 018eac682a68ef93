import type { ValueObject } from "../../core/model/value.ts";

/** Stand-ins for the programs of a real image: what they give is what the verbs must cope with. */
const PROGRAMS: Readonly<Record<string, string>> = {
  pdfinfo: "echo Title: x; sed -n 's/^pages=/Pages:          /p' \"$1\"",
  // The number of the page is the grey of its 2 × 1 pixels.
  pdftoppm: `while [ "$1" != -f ]; do shift; done
[ "$(ls /sys/class/net)" = lo ] || exit 5
grep -q "bad=$2" 0.pdf && { echo "Syntax Error: damaged" >&2; exit 1; }
printf 'P6\\n2 1\\n255\\n%b' "\\\\00$2\\\\00$2\\\\00$2\\\\00$2\\\\00$2\\\\00$2" > page.ppm`,
  python3: `[ "$1" = -c ] && exit 0
script=$(cat); input=$2; output=$3
mkdir /tmp/w; cd /tmp/w; tar -xf "$input"
case $script in
*libmat2*)
printf '0 cleaned\\n' > status
for each in 1 1.*; do [ ! -e "$each" ] || printf '1 unsupported x/y\\n' >> status; done
tr a-z A-Z < 0.jpg > 0
[ -e 1.evil ] && ln -s /etc/passwd 1 && set -- 1 || set -- ;;
*)
set -- ; index=0
printf 'engine 1.2.3 7\\n' > verdicts
touch /run/guestkit/scan/written /run/guestkit/database/written 2> /dev/null && exit 1
tr '\\000' '\\n' < list | while read -r path; do
if grep -q EVIL "/run/guestkit/scan/$path"; then echo "$index infected Evil"; else echo "$index clean"; fi
index=$((index + 1))
done >> verdicts ;;
esac
: > end
for each in status 0 verdicts "$@" end; do
[ -e "$each" ] || [ -L "$each" ] || continue
tar -cf - "$each"
done > "$output"`,
};

/** The same as files of a disk_image. */
export const CLEANERS: readonly ValueObject[] = Object.entries(PROGRAMS).map(([name, text]) => ({
  ...{ path: `/usr/bin/${name}`, mode: "0755", content: `#!/bin/sh\n${text}\n` },
}));
