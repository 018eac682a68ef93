import { shown } from "./table.ts";

/** A value for people: yes and no for booleans, lists with commas, what is in an object word by word; - for nothing. */
export function words(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(words).join(value.some(isFields) ? "; " : ", ") || shown(null);
  if (!isFields(value)) return shown(value);
  const told = Object.values(value).filter((each) => each !== null && each !== "");
  return told.map(words).join(" ") || shown(null);
}

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
