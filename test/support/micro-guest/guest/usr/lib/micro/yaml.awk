# YAML to assignments of sh: block and flow collections, plain, quoted and block scalars; no anchors, no tags.
# With `name` c, "users: [{name: x}]" becomes c_users_0_name='x' c_keys_users='0' c_keys_users_0='name' c_keys='users';
# what is no letter or digit in a key becomes _.

{ line[++count] = $0 }

END {
  for (at = 1; at <= count; at++) if (line[at] ~ /^(---|%)/) line[at] = ""
  at = 1
  skip_blank()
  if (at <= count) block("", indent_of(line[at]))
  for (path in keys) printf "%s_keys%s='%s'\n", name, path, keys[path]
}

function indent_of(text) { match(text, /^ */); return RLENGTH }
function blank(text) { return text ~ /^[ \t]*(#.*)?$/ }
function skip_blank() { while (at <= count && blank(line[at])) at++ }

function join_path(path, key) {
  gsub(/[^A-Za-z0-9]/, "_", key)
  if (!((path, key) in known)) keys[path] = (path in keys ? keys[path] " " : "") key
  known[path, key]
  return path "_" key
}

function emit(path, value) {
  gsub(/'/, "'\\''", value)
  printf "%s%s='%s'\n", name, path, value
}

# A collection or a scalar whose first line is line[at], indented by `indent`.
function block(path, indent,    text) {
  text = substr(line[at], indent + 1)
  if (text ~ /^-( |$)/) sequence(path, indent)
  else if (key_length(text) > 0) mapping(path, indent)
  else value_of(path, text, indent - 1)
}

function sequence(path, indent,    item, rest, lead) {
  for (item = 0; skip_blank_at(indent) && substr(line[at], indent + 1) ~ /^-( |$)/; item++) {
    rest = substr(line[at], indent + 2)
    lead = indent_of(rest)
    rest = substr(rest, lead + 1)
    if (index("|>[{", substr(rest, 1, 1)) == 0 && (rest ~ /^-( |$)/ || key_length(rest) > 0)) {
      line[at] = sprintf("%" (indent + 1 + lead) "s", "") rest
      block(join_path(path, item), indent + 1 + lead)
    } else value_of(join_path(path, item), rest, indent)
  }
}

function mapping(path, indent,    text, length_, key) {
  while (skip_blank_at(indent)) {
    text = substr(line[at], indent + 1)
    length_ = key_length(text)
    if (length_ == 0) return
    key = substr(text, 1, length_)
    gsub(/^["']|["']$/, "", key)
    text = substr(text, length_ + 2)
    sub(/^[ \t]+/, "", text)
    value_of(join_path(path, key), text, indent)
  }
}

# Whether the next line that says something is indented by just that.
function skip_blank_at(indent) { skip_blank(); return at <= count && indent_of(line[at]) == indent }

# Characters of "key" in "key: value"; 0 where the text is no such thing.
function key_length(text,    length_) {
  if (match(text, /^"([^"\\]|\\.)*"[ ]*:( |$)/) || match(text, /^'[^']*'[ ]*:( |$)/)) length_ = RLENGTH
  else if (index("\"'#[]{}|>&*!%@ ", substr(text, 1, 1)) == 0 && match(text, /:( |$)/)) length_ = RSTART + RLENGTH - 1
  else return 0
  text = substr(text, 1, length_)
  sub(/ *:( |$)$/, "", text)
  return length(text)
}

# What follows a key or a dash on line[at]; `indent` is the key's or the dash's.
function value_of(path, text, indent,    quote) {
  sub(/^[ \t]+/, "", text)
  sub(/^!![a-z]+ */, "", text)
  quote = substr(text, 1, 1)
  if (text == "" || quote == "#") nested(path, indent)
  else if (quote == "|" || quote == ">") literal(path, text, indent)
  else if (quote == "[" || quote == "{" || quote == "\"" || quote == "'") {
    buffer = text
    at++
    flow(path)
  } else plain(path, text, indent)
}

function nested(path, indent,    next_indent) {
  at++
  skip_blank()
  next_indent = at <= count ? indent_of(line[at]) : -1
  if (next_indent > indent || (next_indent == indent && substr(line[at], indent + 1) ~ /^-( |$)/)) block(path, next_indent)
}

function plain(path, text, indent) {
  for (at++; at <= count && !blank(line[at]) && indent_of(line[at]) > indent; at++) text = text " " substr(line[at], indent_of(line[at]) + 1)
  sub(/ +#.*$/, "", text)
  sub(/ +$/, "", text)
  if (text != "null" && text != "~") emit(path, text)
}

# A block scalar: | keeps line ends, > folds them; - strips the last ones, + keeps them all.
function literal(path, header, indent,    style, chomp, inner, text, empty, more, out, started) {
  style = substr(header, 1, 1)
  chomp = header ~ /^.[0-9]*-/ ? "-" : header ~ /^.[0-9]*\+/ ? "+" : ""
  inner = match(header, /[1-9]/) ? (indent < 0 ? 0 : indent) + substr(header, RSTART, 1) : -1
  for (at++; at <= count; at++) {
    text = line[at]
    if (text ~ /^ *$/ && (inner < 0 || length(text) <= inner)) { empty = empty "\n"; continue }
    if (inner < 0) inner = indent_of(text)
    if (inner <= indent || indent_of(text) < inner) break
    text = substr(text, inner + 1)
    more = text ~ /^[ \t]/
    if (!started) out = empty text
    else if (style == "|" || more || was_more) out = out "\n" empty text
    else out = out (empty == "" ? " " : empty) text
    was_more = more
    started = 1
    empty = ""
  }
  was_more = 0
  if (started && chomp != "-") out = out "\n"
  emit(path, out (chomp == "+" ? empty : ""))
}

# A flow value at the head of `buffer`, which takes further lines as it needs them.
function flow(path,    item, key) {
  flow_space()
  if (substr(buffer, 1, 1) == "[") {
    for (item = 0; flow_next("]"); item++) flow(join_path(path, item))
  } else if (substr(buffer, 1, 1) == "{") {
    while (flow_next("}")) {
      key = buffer ~ /^["']/ ? quoted() : flow_plain(":")
      flow_space()
      sub(/^:/, "", buffer)
      flow(join_path(path, key))
    }
  } else if (buffer ~ /^["']/) emit(path, quoted())
  else {
    item = flow_plain("")
    if (item != "null" && item != "~") emit(path, item)
  }
}

# Steps over the opening bracket or a comma; false at the closing one, which it takes.
function flow_next(close_) {
  if (index("[{,", substr(buffer, 1, 1)) > 0) buffer = substr(buffer, 2)
  flow_space()
  if (buffer != "" && substr(buffer, 1, 1) != close_) return 1
  buffer = substr(buffer, 2)
  return 0
}

function flow_space_here() { sub(/^[ \t]+/, "", buffer) }
function flow_space() {
  for (flow_space_here(); (buffer == "" || buffer ~ /^#/) && at <= count; flow_space_here()) buffer = line[at++]
}

function flow_plain(stop,    length_) {
  length_ = match(buffer, stop == ":" ? "[]:,}]" : "[],}]") ? RSTART - 1 : length(buffer)
  stop = substr(buffer, 1, length_)
  buffer = substr(buffer, length_ + 1)
  sub(/[ \t]+$/, "", stop)
  return stop
}

# A quoted scalar at the head of `buffer`, with the lines that it goes on over.
function quoted(    quote, pattern, text, more) {
  quote = substr(buffer, 1, 1)
  pattern = quote == "\"" ? "^\"([^\"\\\\]|\\\\.)*\"" : "^'([^']|'')*'"
  while (!match(buffer, pattern) && at <= count) {
    more = line[at++]
    sub(/^[ \t]+/, "", more)
    if (quote == "\"" && buffer ~ /[^\\](\\\\)*\\$/) buffer = substr(buffer, 1, length(buffer) - 1) more
    else if (more == "") buffer = buffer (quote == "\"" ? "\\n" : "\n")
    else buffer = buffer (buffer ~ /(\\n|\n)$/ ? "" : " ") more
  }
  match(buffer, pattern)
  text = substr(buffer, 2, RLENGTH - 2)
  buffer = substr(buffer, RLENGTH + 1)
  if (quote == "\"") return unescape(text)
  gsub(/''/, "'", text)
  return text
}

# A double-quoted scalar's text without its escapes (JSON's and YAML's).
function unescape(text,    out, next_, digits) {
  while (match(text, /\\/)) {
    out = out substr(text, 1, RSTART - 1)
    next_ = substr(text, RSTART + 1, 1)
    digits = next_ == "x" ? 2 : next_ == "u" ? 4 : next_ == "U" ? 8 : 0
    if (digits > 0) out = out utf8(substr(text, RSTART + 2, digits))
    else if (next_ == "n") out = out "\n"
    else if (next_ == "t") out = out "\t"
    else if (next_ == "r") out = out "\r"
    else if (next_ == "e") out = out "\033"
    else out = out next_
    text = substr(text, RSTART + 2 + digits)
  }
  return out text
}

# A code point in hexadecimal.
function utf8(hex,    code, digit) {
  for (digit = 1; digit <= length(hex); digit++) code = code * 16 + index("0123456789abcdef", tolower(substr(hex, digit, 1))) - 1
  if (code < 128) return sprintf("%c", code)
  if (code < 2048) return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
  return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
}
