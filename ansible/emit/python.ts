/** Characters of a list on one line with its indent: with its name before it, it stays below the 160 that Ansible allows. */
const LONGEST = 120;

/** Anything that JSON can hold, as a Python literal laid out over lines. `depth` counts indents of four spaces. */
export function python(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return String(value);
  const pad = "    ".repeat(depth + 1);
  const close = "    ".repeat(depth);
  if (Array.isArray(value)) {
    const line = `[${value.map((each) => python(each)).join(", ")}]`;
    if (value.every((each) => typeof each !== "object") && close.length + line.length <= LONGEST) return line;
    return `[\n${value.map((each) => `${pad}${python(each, depth + 1)},\n`).join("")}${close}]`;
  }
  const entries = Object.entries(value as object);
  if (entries.length === 0) return "{}";
  return `{\n${entries.map(([key, each]) => `${pad}${python(key)}: ${python(each, depth + 1)},\n`).join("")}${close}}`;
}
