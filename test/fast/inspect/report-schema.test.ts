import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { NO_SYSTEM, REPORT_VERSION, type Report } from "../../../core/inspect/report.ts";
import { inspectionReport } from "../../../core/model/inspection-report.ts";

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
type Schema = DeepReadonly<z.infer<typeof inspectionReport>>;
/** Every object of the schema, with its path. */
function* objects(schema: z.ZodType, path: string): Generator<[string, z.ZodObject]> {
  const def = schema.def as { type: string; innerType?: z.ZodType; element?: z.ZodType };
  if (def.innerType) yield* objects(def.innerType, path);
  if (def.element) yield* objects(def.element, `${path}[]`);
  if (def.type !== "object") return;
  yield [path, schema as z.ZodObject];
  for (const [key, field] of Object.entries((schema as z.ZodObject).shape)) yield* objects(field, `${path}.${key}`);
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
    const all = [...objects(inspectionReport, "report")];
    expect(all.length).toBeGreaterThan(10);
    const silent = all.flatMap(([path, { shape }]) =>
      Object.entries(shape).flatMap(([key, field]) => (describes(field) ? [] : [`${path}.${key}`])),
    );
    expect(silent).toEqual([]);
  });
});

/** A description may stand inside `nullable`. */
function describes(field: z.ZodType): boolean {
  const inner = (field.def as { innerType?: z.ZodType }).innerType;
  return Boolean(field.description) || (inner !== undefined && describes(inner));
}
