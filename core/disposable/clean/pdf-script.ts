/**
 * Runs in the guest: each page is drawn by itself and goes out as its pixels. Pages are named by their number; "end" comes
 * after the last one.
 */
export function pdfScript({ dpi, grey, maxPages, pageBytes, secondsEach }: PdfScript): string {
  return `
command -v pdftoppm > /dev/null && command -v pdfinfo > /dev/null || { echo poppler-utils >&2; exit 97; }
# Not in memory, where the guest has such a place.
work=$(mktemp -d -p /var/tmp 2> /dev/null || mktemp -d)
cd "$work"
tar -xf "$in"
timeout ${secondsEach} pdfinfo 0.pdf > info 2> why || { tail -n 1 why >&2; exit 1; }
pages=$(sed -n 's/^Pages: *\\([0-9]*\\)$/\\1/p' info)
[ -n "$pages" ] && [ "$pages" -gt 0 ] || { echo "it has no pages" >&2; exit 1; }
[ "$pages" -le ${maxPages} ] || { echo "it has $pages pages, more than ${maxPages}" >&2; exit 96; }
# Of 512 bytes each.
ulimit -f ${Math.ceil(pageBytes / 512)}
exec 3> "$out"
give() { tar -cf - "$1" >&3; }
number=0
while [ "$number" -lt "$pages" ]; do
number=$((number + 1))
timeout ${secondsEach} pdftoppm -cropbox -r ${dpi} ${grey ? "-gray " : ""}-f "$number" -l "$number" -singlefile 0.pdf page 2> why \\
|| { echo "page $number cannot be drawn: $(tail -n 1 why)" >&2; exit 1; }
for made in page.p[pg]m; do [ -s "$made" ] && mv "$made" "$number"; done 2> why || :
[ -e "$number" ] || { echo "page $number cannot be drawn: $(grep . why info | tail -n 1)" >&2; exit 1; }
give "$number"
rm "$number"
done
: > end
give end
exec 3>&-
sync
`;
}

export interface PdfScript {
  readonly dpi: number;
  readonly grey: boolean;
  readonly maxPages: number;
  /** Bytes of a page's pixels. */
  readonly pageBytes: number;
  /** Seconds for a page. */
  readonly secondsEach: number;
}
