/** Pages that count instead of the database's own. */
export interface Overlay {
  /** Where in the log a page stands, by its number; bytes. */
  readonly places: ReadonlyMap<number, number>;
  /** Of the database with it; null where it says nothing. */
  readonly pages: number | null;
}
