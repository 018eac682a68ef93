import { describe, expect, it } from "vitest";
import { locate, readProject } from "../../../core/project/index.ts";
import { VARIABLE_TYPES } from "../../../core/project/variables.ts";
import { parseYaml } from "../../../core/project/yaml.ts";

const USE = "outputs: { it: '${var.it}' }\n";

interface From {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  readonly kept?: Readonly<Record<string, string>>;
}

function read(declared: string, { files = {}, ...given }: From = {}, use = USE) {
  const text = `version: 1\nvariables:\n  it: ${declared}\n${use}`;
  const parsed = Object.entries(files).map(([file, each]) => parseYaml(file, each));
  const project = readProject(parseYaml("/srv/guestkit.yaml", text), { ...given, files: parsed });
  const faults = project.diagnostics.map(({ path, message }) => {
    const at = locate(project.document, path);
    return `${at?.line}:${at?.column} ${message}`;
  });
  return { faults, value: project.outputs.it, project };
}

describe("the value of a variable", () => {
  it.each<[string, string, From, unknown]>([
    ["its default", "{ default: 1G }", {}, "1G"],
    ["null, which stands for none", "{ default: null }", {}, null],
    ["of the environment before that", "{ default: a }", { env: { GUESTKIT_VAR_it: "b" } }, "b"],
    ["of a file before that", "{ default: a }", { env: { GUESTKIT_VAR_it: "b" }, files: { "v.yaml": "it: c\n" } }, "c"],
    ["of the last file", "{ default: a }", { files: { v: "it: c\n", w: "it: d\n", x: "" } }, "d"],
    ["of a word before all", "{ default: a }", { files: { v: "it: c\n" }, words: ["it=e"] }, "e"],
    ["of the last word", "{ default: a }", { words: ["it=e", "it=f=g"] }, "f=g"],
    ["of a plan before what is in the environment", "{}", { env: { GUESTKIT_VAR_it: "b" }, kept: { it: "p" } }, "p"],
    ["a text that looks like something else", "{}", { words: ["it=12"] }, "12"],
    ["a text that looks like a reference", "{}", { words: ["it=${env.HOME}"] }, '${"\\u0024{env.HOME}"}'],
    ["a number", "{ type: number }", { words: ["it=-1.5e3"] }, -1500],
    ["true or false", "{ type: bool }", { env: { GUESTKIT_VAR_it: "true" } }, true],
    ["a list", "{ type: list }", { words: ["it=[a, 1]"] }, ["a", 1]],
    ["a map", "{ default: { a: 1 } }", { files: { "v.json": '{"it":{"b":[true]}}' } }, { b: [true] }],
  ])("is %s", (_what, declared, given, value) => {
    const { faults, value: found } = read(declared, given);
    expect([faults, found]).toEqual([[], value]);
  });

  it("of another type than the variable's is told with what would be right", () => {
    for (const type of VARIABLE_TYPES) {
      const value = type === "map" ? "[1]" : "{ a: 1 }";
      const given = type === "string" ? { files: { "v.yaml": "it: 7" } } : { words: [`it=${value}`] };
      const { diagnostics } = read(`{ type: ${type} }`, given).project;
      expect(diagnostics).toMatchObject([{ code: "E_VARIABLE_TYPE", help: expect.stringMatching(/^Write .+/) }]);
    }
  });

  it.each<[string, From, string]>([
    ["{}", {}, '3:7 Cannot use the variable "it": it has no value'],
    ["{ type: number }", { words: ["it=12x"] }, '3:7 Cannot use --var it: it must be a number, not "12x"'],
    ["{ type: number }", { words: ["it=.inf"] }, "3:7 Cannot use --var it: it must be a number, not Infinity"],
    [
      "{ type: bool }",
      { env: { GUESTKIT_VAR_it: "yes" } },
      '3:7 Cannot use GUESTKIT_VAR_it: it must be true or false, not "yes"',
    ],
    [
      "{ type: list }",
      { files: { "p.yaml": "\nit: { a: 1 }\n" } },
      "3:7 Cannot use it at p.yaml:2:5: it must be a list, not a map",
    ],
    ["{ type: map }", { words: ["it=[a"] }, '3:7 Cannot use --var it: it must be a map, not "[a"'],
    [
      "{ type: number, sensitive: true }",
      { words: ["it=hunter2"] },
      "3:7 Cannot use --var it: it must be a number, not a string",
    ],
    ["{ type: string, default: 7 }", {}, '3:32 Cannot use the variable "it": it must be a string, not 7'],
    ["{ type: text }", {}, '3:15 Cannot use the variable "it": it has no type'],
    ["{ defualt: 7 }", {}, '3:18 Cannot use the variable "it": it has no "defualt"'],
    ["7", {}, '3:7 Cannot use the variable "it": it must be a map'],
    ["{ default: 1, sensitive: 2 }", {}, '3:32 Cannot use the variable "it": sensitive must be true or false'],
    [
      "{ default: '${env.A}' }",
      {},
      '3:18 Cannot use the variable "it": its default refers to something, and is written before anything is known',
    ],
  ])("%s with %j is refused: %s", (declared, given, fault) => {
    expect(read(declared, given).faults[0]).toBe(fault);
  });

  it("is not asked for where nothing uses it", () => {
    expect(read("{}", {}, "").faults).toEqual([]);
  });

  it.each<[string, From, string, string]>([
    [
      "of a word",
      { words: ["size=1"] },
      "E_VARIABLE_UNKNOWN",
      'Cannot use --var size: the project file declares no variable "size"',
    ],
    [
      "of a file",
      { files: { "p.yaml": "it: a\nsize: 1\n" } },
      "E_VARIABLE_UNKNOWN",
      'Cannot use p.yaml:2:7: the project file declares no variable "size"',
    ],
    [
      "of a list",
      { files: { "p.yaml": "- it\n" } },
      "E_VARIABLE_SYNTAX",
      "Cannot use p.yaml: it is no map of names and values",
    ],
    ["without a value", { words: ["it"] }, "E_VARIABLE_SYNTAX", "Cannot use --var it: it is not NAME=VALUE"],
    [
      "of a plan and a word",
      { words: ["it=a"], kept: { it: "b" } },
      "E_VARIABLE_KEPT",
      "Cannot use --var it: the plan has its value of it already",
    ],
  ])("%s for what is not asked is refused", (_what, given, code, message) => {
    expect(() => read("{}", given)).toThrow(expect.objectContaining({ code, message, help: expect.anything() }));
  });

  it.each([
    ["${var.other}", "Cannot use ${var.other}: the file declares no such variable"],
    ["${var.it.b}", 'Cannot use ${var.it.b}: there is no "b" in it'],
    ["${var.it.a[2]}", "Cannot use ${var.it.a[2]}: there is no 2 in it"],
    ["${var.it.constructor}", 'Cannot use ${var.it.constructor}: there is no "constructor" in it'],
    ["${each.key}", "Cannot use ${each.key}: it is there only in a thing with for_each"],
  ])("%s is refused at its place", (text, fault) => {
    expect(read("{ default: { a: [1, 2] } }", {}, `outputs: { x: '${text}' }\n`).faults).toEqual([`4:15 ${fault}`]);
  });

  it("goes as deep as it is", () => {
    const use = "outputs: { it: ['${var.it.a[1]}', '${var.it[\"b c\"]}'] }\n";
    expect(read("{ default: { a: [1, 2], 'b c': { d: 3 } } }", {}, use).value).toEqual([2, { d: 3 }]);
  });
});

describe("a sensitive variable", () => {
  const use = `resources:
  disk_image:
    base: { path: base, label: "a \${var.it}" }
    top: { path: top, label: "\${disk_image.base.label}", size: 1M }
    more: { path: more, label: "\${disk_image.top.size}" }
outputs: { it: "\${disk_image.top.label}", all: "\${disk_image.top}", none: "\${disk_image.top.size}" }
`;

  it("makes a secret of all that refers to it", () => {
    const { project, faults } = read("{ sensitive: true, default: hunter2 }", {}, use.replaceAll("label", "format"));
    expect(faults).toEqual([]);
    expect([...project.entries.values()].map((each) => each.secrets)).toEqual([[["format"]], [["format"]], []]);
    expect([...project.secretOutputs]).toEqual(["it", "all"]);
    expect([project.secrets, project.variables]).toEqual([["hunter2"], {}]);
  });

  it.each([
    ["path: '${var.it}'", /Cannot use a secret in path: disk_image is known by it/],
    ["path: a, for_each: ['${var.it}']", /Cannot use \$\{var\.it\} in for_each: it is sensitive/],
  ])("is refused in %s", (fields, why) => {
    const { faults } = read(
      "{ sensitive: true, default: hunter2 }",
      {},
      `resources: { disk_image: { a: { ${fields} } } }\n`,
    );
    expect(faults).toEqual([expect.stringMatching(why)]);
    expect(faults.join()).not.toContain("hunter2");
  });
});
