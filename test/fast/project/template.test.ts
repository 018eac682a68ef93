import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../core/model/index.ts";
import type { Reference } from "../../../core/project/reference.ts";
import { dig, evaluate, references } from "../../../core/project/template.ts";

const world: Readonly<Record<string, Value>> = {
  "disk_image.web": { id: "/w", size: 7, parts: [{ uuid: "u" }] },
  "disk_image.new": UNKNOWN,
};

function resolve(reference: Reference): Value {
  if (reference.kind !== "entry") return `<${reference.kind}>`;
  return dig(world[reference.address] ?? null, reference.path);
}

describe("references", () => {
  it.each<[Value, Value]>([
    ["${disk_image.web.size}", 7],
    ["${disk_image.web.parts[0].uuid}", "u"],
    ["at ${disk_image.web.id}!", "at /w!"],
    ["${disk_image.new.id}", UNKNOWN],
    ["at ${disk_image.new.id}", UNKNOWN],
    ["$${disk_image.web.id}", "${disk_image.web.id}"],
    ["${env.HOME}", "<env>"],
    ["${file./run/secret.txt}", "<file>"],
    [
      { a: ["${disk_image.web.id}"], b: 1 },
      { a: ["/w"], b: 1 },
    ],
    ["plain $5 {x}", "plain $5 {x}"],
    ["", ""],
  ])("%j", (text, value) => {
    expect(evaluate(text, resolve)).toEqual(value);
  });

  it("are found with their places", () => {
    expect([...references({ a: ["x", "${env.A}"], b: { c: "${file.p/q.txt}" } })]).toEqual([
      [{ kind: "env", name: "A" }, ["a", 1]],
      [{ kind: "file", path: "p/q.txt" }, ["b", "c"]],
    ]);
  });
});
