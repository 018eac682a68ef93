# Splits a multipart MIME document (texts as they are, no transfer encoding) into the files `into`.1, `into`.2, ...

function value_of(line) { sub(/^[^:]*: */, "", line); sub(/\r$/, "", line); return line }

boundary == "" && tolower($0) ~ /^content-type: *multipart\/.*boundary=/ {
  boundary = $0
  sub(/.*boundary="?/, "", boundary)
  sub(/".*$|\r$/, "", boundary)
  next
}
boundary == "" { next }
index($0, "--" boundary) == 1 { part++; heading = 1; held = 0; next }
part == 0 { next }
heading { if ($0 == "" || $0 == "\r") heading = 0; next }
# The newline before a boundary belongs to the boundary.
{ if (held) print held_line > (into "." part); held_line = $0; held = 1 }
held && held_line != "" { print held_line > (into "." part); held = 0 }
