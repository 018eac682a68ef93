import { describe, expect, it } from "vitest";
import type { Inspection } from "../../../core/generated/types.ts";
import { NO_SYSTEM, REPORT_VERSION, type Report } from "../../../core/inspect/report.ts";
import { inspectionReport } from "../../../core/model/inspection-report.ts";

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
/** As programs import it: made from the published schema. */
type Schema = DeepReadonly<Inspection>;
/** As much of a zod schema as this test walks. */
interface Field {
  readonly def: { readonly type: string; readonly innerType?: Field; readonly element?: Field };
  readonly description?: string;
  readonly shape?: Readonly<Record<string, Field>>;
}

/** Every object of the schema, with its path. */
function* objects(schema: Field, path: string): Generator<[string, Readonly<Record<string, Field>>]> {
  const { def, shape } = schema;
  if (def.innerType) yield* objects(def.innerType, path);
  if (def.element) yield* objects(def.element, `${path}[]`);
  if (!shape) return;
  yield [path, shape];
  for (const [key, field] of Object.entries(shape)) yield* objects(field, `${path}.${key}`);
}

describe("the report's schema", () => {
  it("takes the report of an image without a system", () => {
    const report: Report = {
      format_version: REPORT_VERSION,
      ...NO_SYSTEM,
      filesystems: [],
      operating_systems: [],
      warnings: [],
    };
    const parsed: Schema = inspectionReport.parse(report);
    expect(parsed).toEqual(report);
    const schemaIsReport: (value: Report) => Schema = (value) => value;
    const reportIsSchema: (value: Schema) => Report = (value) => value;
    expect(reportIsSchema(schemaIsReport(report))).toBe(report);
  });

  it("describes every field", () => {
    const all = [...objects(inspectionReport as unknown as Field, "report")];
    expect(all.length).toBeGreaterThan(10);
    const silent = all.flatMap(([path, shape]) =>
      Object.entries(shape).flatMap(([key, field]) => (describes(field) ? [] : [`${path}.${key}`])),
    );
    expect(silent).toEqual([]);
  });
});

/** A description may stand inside `nullable`. */
function describes({ description, def }: Field): boolean {
  return Boolean(description) || (def.innerType !== undefined && describes(def.innerType));
}
