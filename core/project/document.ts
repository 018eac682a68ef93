import type { FieldPath } from "../engine/path.ts";

/** Where something stands in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A parsed project file: its plain value, and where each part of it stands. */
export interface ProjectDocument {
  readonly file: string;
  readonly value: unknown;
  /** The place of a value, or of its key where it has none. */
  position(path: FieldPath): Position | undefined;
}

/** The nearest place that is there: a missing field is shown where its parent stands. */
export function locate(document: ProjectDocument, path: FieldPath): Position | undefined {
  for (let length = path.length; length >= 0; length--) {
    const found = document.position(path.slice(0, length));
    if (found) return found;
  }
  return undefined;
}
