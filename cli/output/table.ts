import { printable } from "@guestkit/core/kit";

/** What an image says, safe for a terminal. */
export function shown(value: unknown): string {
  return value === null || value === undefined || value === ""
    ? "-"
    : printable(String(value)).replaceAll("\\\\", "\\");
}

/** Columns with two spaces between; the last one is not padded. */
export function table(rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => row.map(shown));
  const widths: number[] = [];
  for (const row of cells) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join("  ");
  return cells.map((row) => `${line(row)}\n`).join("");
}
