import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { jobFields, jobOf } from "../../../core/ci/job.ts";
import { validateFields } from "../../../core/engine/validate.ts";
import schema from "../../../core/generated/schemas/ci-job.json" with { type: "json" };
import type { ValueObject } from "../../../core/model/value.ts";
import { parseYaml } from "../../../core/project/yaml.ts";

const check = z.fromJSONSchema(schema as never);
const example = join(import.meta.dirname, "../../../examples/ci/nightly.yaml");

it("the example is a job by its schema, and by what reads it", async () => {
  const value = parseYaml(example, await readFile(example, "utf8")).value as ValueObject;
  expect(check.safeParse(value).error).toBeUndefined();
  const { version, ...given } = value;
  expect([version, validateFields(jobFields(), given)]).toEqual([1, []]);
  expect(jobOf("nightly", example, given)).toMatchObject({
    ...{ name: "nightly", project: "guestkit.yaml", apply: true, keep: 30, allow_rewind: false, recycle: [] },
    timeouts: { fetch: 300, apply: 7200, machine: 3600 },
    checks: [
      { machine: "web", exit_code: 0, timeout: 30 },
      { machine: null, timeout: 60 },
    ],
  });
});

const job = { version: 1, repository: "/srv/x", signers: { allowed_signers: "/etc/a" } };
it.each([
  { ...job, version: 2 },
  { ...job, signers: undefined },
  { ...job, ref: "--upload-pack=x" },
  { ...job, project: "../guestkit.yaml" },
  { ...job, project: "/etc/guestkit.yaml" },
  { ...job, nonsense: 1 },
])("the schema refuses %j", (value) => {
  expect(check.safeParse(job).success).toBe(true);
  expect(check.safeParse(value).success).toBe(false);
});
