/** How one field lies on the wire. */
export interface FieldLayout {
  readonly number: number;
  readonly name: string;
  /** `string`, `bytes`, `bool`, `int64`, `uint32`, `double`, or a message's name. */
  readonly kind: string;
  readonly label: "single" | "repeated" | "map";
}

/** `[number, name, kind, label?]` as the generated table writes it. */
type Row = readonly [number, string, string] | readonly [number, string, string, string];

/** Message -> its fields, as `npm run generate` writes it. */
export type Table = Readonly<Record<string, readonly Row[]>>;

const known = new Map<readonly Row[], readonly FieldLayout[]>();

/** The fields of a message. Throws a TypeError where the table has none of that name. */
export function layoutOf(table: Table, message: string): readonly FieldLayout[] {
  const rows = table[message];
  if (!rows) throw new TypeError(`There is no message ${message}`);
  const found = known.get(rows);
  if (found) return found;
  const fields = rows.map(([number, name, kind, label = "single"]) => ({ number, name, kind, label }) as FieldLayout);
  known.set(rows, fields);
  return fields;
}
