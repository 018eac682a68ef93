import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value, type ValueObject } from "../../../core/model/value.ts";
import { locate, type Project, readProject } from "../../../core/project/index.ts";
import { addressOf, type parseReference, spell } from "../../../core/project/reference.ts";
import { evaluate, substituteText } from "../../../core/project/template.ts";
import { Values } from "../../../core/project/values.ts";
import { parseYaml } from "../../../core/project/yaml.ts";
import { fc } from "../../support/property.ts";

const of = (value: object): Project => readProject({ file: "/srv/guestkit.yaml", value, position: () => undefined });

function read(text: string) {
  const project = readProject(parseYaml("/srv/guestkit.yaml", `version: 1\n${text}`));
  const faults = project.diagnostics.map(({ code, path, message }) => {
    const at = locate(project.document, path);
    return `${code} ${at?.line}:${at?.column} ${message}`;
  });
  return { project, faults };
}

/** Texts that are at odds with the syntax of references, with quotes, and with names of properties. */
const odd = fc.oneof(
  fc.constantFrom(
    "a",
    "1",
    "b.c",
    'q"]}x',
    "'",
    "]",
    "}",
    "$",
    "${",
    "$${x}",
    "{",
    "\\",
    "\n",
    " ",
    "__proto__",
    "each.key",
  ),
  fc.string({ unit: "binary", minLength: 1 }),
);
const plain: fc.Arbitrary<Value> = fc.oneof(odd, fc.integer(), fc.boolean(), fc.array(odd, { maxLength: 2 }));

describe("for_each", () => {
  it("makes what somebody would have written by hand", () => {
    fc.assert(
      fc.property(fc.dictionary(odd, plain, { noNullPrototype: true, maxKeys: 5 }), odd, (things, prefix) => {
        const variables = { things: { type: "map", default: escaped(things) }, prefix: { default: escaped(prefix) } };
        const short = of({
          version: 1,
          variables,
          resources: {
            disk_image: {
              base: { for_each: "${var.things}", path: "${var.prefix}-${each.key}", label: "${each.value}" },
              top: {
                for_each: "${var.things}",
                path: "top ${each.key}",
                backing_file: "${disk_image.base[each.key].id}",
                layout: { of: ["${each.value}", "at ${each.value}!"] },
              },
            },
          },
        });
        expect(short.diagnostics).toEqual([]);
        const keys = Object.keys(things);
        const long = of({
          version: 1,
          resources: {
            disk_image: Object.fromEntries(
              keys.flatMap((key, at): [string, object][] => {
                const value = things[key] as Value;
                const text = typeof value === "object" ? JSON.stringify(value) : String(value);
                return [
                  [`base${at}`, { path: escaped(`${prefix}-${key}`), label: escaped(value) }],
                  [
                    `top${at}`,
                    {
                      path: escaped(`top ${key}`),
                      backing_file: `\${disk_image.base${at}.id}`,
                      layout: { of: [escaped(value), escaped(`at ${text}!`)] },
                    },
                  ],
                ];
              }),
            ),
          },
        });
        for (const [at, key] of keys.entries()) {
          for (const name of ["base", "top"]) {
            const made = short.entries.get(addressOf(`disk_image.${name}`, key));
            expect(config(short, made?.address)).toEqual(config(long, `disk_image.${name}${at}`));
          }
          expect(short.entries.get(addressOf("disk_image.top", key))?.needs).toEqual([
            addressOf("disk_image.base", key),
          ]);
        }
      }),
    );
  });

  it("makes nothing of an empty list", () => {
    const { project, faults } = read("resources: { disk_image: { a: { for_each: [], path: a } } }\n");
    expect([project.entries.size, faults]).toEqual([0, []]);
  });

  it.each([
    ["for_each: 7", "E_FOR_EACH 4:20 Cannot use for_each: it must be a list of names or a map, not 7"],
    ["for_each: ", "E_FOR_EACH 4:20 Cannot use for_each: it must be a list of names or a map, not nothing"],
    ["for_each: [a, [b]]", 'E_FOR_EACH 4:20 Cannot use for_each: ["b"] in its list is no name'],
    ["for_each: [a, true]", "E_FOR_EACH 4:20 Cannot use for_each: true in its list is no name"],
    ["for_each: [a, 1, a]", 'E_FOR_EACH 4:20 Cannot use for_each: the key "a" is there twice'],
    ['for_each: ["1", 1]', 'E_FOR_EACH 4:20 Cannot use for_each: the key "1" is there twice'],
    ['for_each: [""]', "E_FOR_EACH 4:20 Cannot use for_each: one of its keys is empty"],
    [
      "for_each: ['${disk_image.b.id}']",
      "E_FOR_EACH 4:20 Cannot use ${disk_image.b.id} in for_each: what is made must be known before anything is looked at",
    ],
    ["for_each: ['${each.key}']", "E_REFERENCE 4:20 Cannot use ${each.key}: it is there only in a thing with for_each"],
    [
      "for_each: ['${env.GUESTKIT_TEST_NONE}']",
      "E_REFERENCE_ENV 4:20 Cannot use ${env.GUESTKIT_TEST_NONE}: the environment has no GUESTKIT_TEST_NONE",
    ],
  ])("refuses %s at its place, and tells nothing else of what refers to it", (forEach, fault) => {
    const text = `resources:\n  disk_image:\n    a: { ${forEach}, path: a }\n    b: { path: b }\n`;
    expect(read(`${text}outputs: { x: '\${disk_image.a["a"].id}' }\n`).faults).toEqual([fault]);
  });

  it.each([
    ["${disk_image.a.id}", "it is made once for each of several keys, and which one is meant is not said"],
    ["${disk_image.a}", "it is made once for each of several keys, and which one is meant is not said"],
    ['${disk_image.a["z"].id}', "nothing in the file has that address"],
    ['${disk_image.b["x"].id}', "disk_image.b has no for_each, and so no keys"],
    ["${disk_image.a[each.key].id}", "it is there only in a thing with for_each"],
    ['${disk_image.a["x"].colour}', 'disk_image has no field "colour"'],
    ['${disk_image.a["x}', "nothing in the file has that address"],
  ])("a reference to %s is refused: %s", (reference, why) => {
    const things = "resources: { disk_image: { a: { for_each: [x, y], path: '${each.key}' }, b: { path: b } } }\n";
    const { faults } = read(`${things}outputs:\n  it: '${reference}'\n`);
    expect(faults).toEqual([expect.stringMatching(/^E_REFERENCE 4:7 /)]);
    expect(faults[0]).toContain(why);
  });

  it("ends a file that makes more of itself than fits", () => {
    const list = `[${Array.from({ length: 2_000 }, (_, at) => `k${at}`).join()}]`;
    const { faults } = read(
      `variables: { l: { default: ${list} } }\nresources: { disk_image: { a: { for_each: '\${var.l}', path: '\${each.key}', x: '\${var.l}' } } }\n`,
    );
    expect(faults).toEqual([expect.stringMatching(/^E_PROJECT_SIZE 3:\d+ Cannot use resources\.disk_image\.a: /)]);
  });
});

describe("what is known from the start", () => {
  it("means the same put in before as looked up later", () => {
    const piece = fc.oneof(
      fc.constantFrom("${var.a}", "${var.b}", "${env.X}", "$${", "$", "{", "}", "${", '"'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), plain, plain, (pieces, a, b) => {
        const text = pieces.join("");
        const values: Record<string, Value> = { a, b };
        const known = (reference: ReturnType<typeof parseReference>) =>
          reference.kind === "var" ? (values[String(reference.path[0])] ?? null) : undefined;
        const later = (reference: ReturnType<typeof parseReference>) =>
          known(reference) ?? (reference.kind === "text" ? reference.text : `<${spell(reference)}>`);
        expect(evaluate(substituteText(text, known), later)).toEqual(evaluate(text, later));
      }),
    );
  });

  it("addresses are read as they are written", () => {
    fc.assert(
      fc.property(odd, fc.array(fc.oneof(odd, fc.nat()), { maxLength: 3 }), (key, path) => {
        const reference = { kind: "entry", address: addressOf("disk_image.web", key), path } as const;
        const seen: unknown[] = [];
        evaluate(spell(reference), (each) => {
          seen.push(each);
          return null;
        });
        expect(seen).toEqual([reference]);
      }),
    );
  });
});

/** What a declaration comes to, references to other things as their addresses' configuration. */
function config(project: Project, address: string | undefined): Value {
  const values = new Values(project);
  for (const each of project.entries.values()) {
    if (each.needs.length === 0) values.set(each.address, { id: values.config(each).path ?? UNKNOWN });
  }
  const entry = project.entries.get(address ?? "");
  return entry ? values.config(entry) : null;
}

function escaped<T extends Value>(value: T): T {
  if (typeof value === "string") return value.replaceAll("${", () => "$${") as T;
  if (Array.isArray(value)) return value.map(escaped) as unknown as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value as ValueObject).map(([key, each]) => [key, escaped(each)])) as T;
}
