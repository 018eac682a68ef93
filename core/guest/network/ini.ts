/** Assignments of an INI file as systemd and NetworkManager write it: `[section, key, value]` in order. */
export function parseIni(text: string): readonly (readonly [section: string, key: string, value: string])[] {
  const found: [string, string, string][] = [];
  let section = "";
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    const header = /^\[(.+)\]$/.exec(line);
    const equals = line.indexOf("=");
    if (header) section = header[1] as string;
    else if (equals > 0) found.push([section, line.slice(0, equals).trim(), line.slice(equals + 1).trim()]);
  }
  return found;
}
