import { describe, expect, it } from "vitest";
import { commonOptions, fieldOptions } from "../../../cli/contract/options.ts";
import { validateFields } from "../../../core/engine/validate.ts";
import { compile } from "../../../core/model/compile.ts";
import type { Field, FieldType } from "../../../core/model/contract.ts";
import { declarations } from "../../../core/model/contracts/index.ts";
import { contracts } from "../../../core/model/index.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { inputFields, outputFields } from "../../../provider/schema/names.ts";
import { walkFields } from "../../support/fields.ts";

/** Words that one of the faces keeps for itself (Terraform meta-arguments, Ansible results, Pulumi properties). */
const RESERVED = [
  "count",
  "for_each",
  "host",
  "depends_on",
  "lifecycle",
  "provider",
  "provisioner",
  "connection",
  "id",
  "urn",
  "invocation",
  "changed",
  "failed",
  "msg",
  "rc",
  // With something in it, the task did nothing in Ansible's eyes.
  "skipped",
  "unreachable",
  "exception",
  "deprecations",
  "ansible_facts",
  "finished",
  "attempts",
];

/** Methods of Python's dict, which an answer is in Ansible: `change.values` is none of the change's fields there. */
const OF_DICTS = [
  "clear",
  "copy",
  "fromkeys",
  "get",
  "items",
  "keys",
  "pop",
  "popitem",
  "setdefault",
  "update",
  "values",
];

/** What every construct has by that name: bindings of CDKTF and CDKTN cannot have an attribute of it. */
const OF_CONSTRUCTS = ["with", "node", "to_string"];

/** Words that a face has for every resource. */
const OF_RESOURCES = ["owner"];

/** Texts that may be, or hold, a path or have several spellings. */
const FILE = /\b(?:paths?|files?|folders?|directory|socket)\b/i;
const SPELLED = /(?:^|_)(?:path|file|mac|address(?:es)?|sha\d+|uuid|mode|permissions|fingerprints?)$/;
const CASELESS = /a-fA-F|A-Fa-f/;

/** Of those: what needs no form, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "disk_image.files[].content": "text",
  "cloud_init_seed.write_files[].content": "text",
  "virtual_machine.cloud_init.write_files[].content": "text",
  "disk_image.files[].secret_content": "text",
  "disk_image.bootstrap.users[].shell": "one spelling is right",
  "cloud_init_seed.write_files[].secret_content": "text",
  "virtual_machine.cloud_init.write_files[].secret_content": "text",
  "cloud_init_seed.write_files[].owner": "a name",
  "virtual_machine.cloud_init.write_files[].owner": "a name",
  "virtual_machine.networks[].group": "one spelling is right",
  "virtual_machine.graphics.listen": "an address of the host, a name too",
  "file_content.path": "the image's reader follows it to the last byte",
  "file_content.path_base64": "the image's reader follows it to the last byte",
  "file_secret.path": "the image's reader follows it to the last byte",
  "file_secret.path_base64": "the image's reader follows it to the last byte",
  "image_diff.path": "the image's reader follows it to the last byte",
  "copy.src": "the image's reader follows it to the last byte",
  "copy.src_base64": "the image's reader follows it to the last byte",
  // Actions begin at the working directory: no project file has them.
  "vm_disposable.base": "a machine's name goes first",
  "vm_disposable_run.base": "a machine's name goes first",
  "vm_disposable.shares[]": "HOST:GUEST",
  "vm_disposable_run.shares[]": "HOST:GUEST",
  "vm_foreach.input[]": "another verb's own arguments",
  "vm_rsync.source": "rsync's own word, whose last slash counts",
  "ci_job.project": "within the repository",
};

/** Sizes of which a few bytes may be meant, and why. */
const FEW: Readonly<Record<string, string>> = {
  "file_content.limit": "a file may have few bytes",
  "file_secret.limit": "a file may have few bytes",
  "parse_size.size": "it is no thing's, and says what is written",
  "vm_mat.max_size": "a file may have few bytes",
  "vm_pdf_cleaner.max_size": "a file may have few bytes",
  "vm_clamav.max_size": "a file may have few bytes",
};

/** How fields are called that take an address. */
const ADDRESS = /(?:^|_)(?:url|uri|proxy|mirror|repository|endpoint|remote)$/;

function* walk(fields: readonly Field[], path: string): Generator<readonly [string, Field]> {
  for (const field of fields) {
    const here = `${path}.${field.name}`;
    yield [here, field];
    yield* walk(nested(field.type), here);
  }
}

function nested(type: FieldType): readonly Field[] {
  if (type.kind === "object") return type.fields;
  return type.kind === "list" || type.kind === "map" ? nested(type.element) : [];
}

describe.each(contracts)("contract $name", (contract) => {
  const inputs = [...walk(contract.input, contract.name)];
  const outputs = [...walk(contract.output, contract.name)];
  const spots = [...walkFields(contract.input, contract.name)];

  it("describes every field", () => {
    expect([...inputs, ...outputs].filter(([, field]) => field.description.length < 4).map(([path]) => path)).toEqual(
      [],
    );
  });

  it("describes what is given so that it stands alone, and a time with its unit", () => {
    const lean = inputs.filter(([, { description }]) => /^(?:The same|Its|Likewise)\b/.test(description));
    const curt = inputs.filter(([, { description }]) => description.length < 16);
    const isTime = (path: string, { name }: Field) =>
      /timeout|delay|interval|duration/.test(`${path}`) && name !== "timeouts";
    const timed = inputs.filter(([path, field]) => /integer|number/.test(field.type.kind) && isTime(path, field));
    const unitless = timed.filter(([, { description }]) => !/second/i.test(description));
    expect([...lean, ...curt, ...unitless].map(([path, { description }]) => `${path}: ${description}`)).toEqual([]);
  });

  it("has names that are legal on every face", () => {
    const illegal = [...inputs, ...outputs].filter(([, field]) => !/^[a-z][a-z0-9_]*$/.test(field.name));
    const reserved = [...contract.input, ...contract.output].filter(({ name }) =>
      [...RESERVED, ...(contract.kind === "resource" ? OF_RESOURCES : [])].includes(name),
    );
    const shown = [...inputFields(contract), ...(contract.kind === "action" ? [] : outputFields(contract))];
    const ofConstructs = shown.filter(({ name }) => OF_CONSTRUCTS.includes(name));
    // A resource answers what it was given, too.
    const answered = [...outputs, ...(contract.kind === "resource" ? inputs : [])];
    const ofDicts = answered.filter(([, { name }]) => OF_DICTS.includes(name)).map(([path]) => path);
    expect([
      ...illegal.map(([path]) => path),
      ...ofDicts,
      ...[...reserved, ...ofConstructs].map(({ name }) => name),
    ]).toEqual([]);
  });

  it("has no field twice", () => {
    const names =
      contract.kind === "resource" ? [...contract.input, ...contract.output].map((field) => field.name) : [];
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("says of every address that it is one", () => {
    const named = inputs.filter(([, { name, type }]) => ADDRESS.test(name) && type.kind === "string");
    const silent = named.filter(([, { type }]) => type.kind === "string" && !type.address);
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it("says of every text that names a file, or has several spellings, how it is spelled", () => {
    const silent = spots.filter(([path, type, { name, description }]) => {
      if (type.kind !== "string" || type.form || type.choices || OTHERWISE[path]) return false;
      return (
        SPELLED.test(name) ||
        FILE.test(description.replaceAll(/file systems?/gi, "")) ||
        CASELESS.test(type.pattern ?? "")
      );
    });
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it("knows of every size below which number without a unit nobody means bytes", () => {
    const open = spots.filter(([path, type]) => type.kind === "size" && type.bareMinimum === undefined && !FEW[path]);
    expect(open.map(([path]) => path)).toEqual([]);
  });

  it("has an example, and every example is valid", () => {
    expect(contract.examples.length).toBeGreaterThan(0);
    for (const example of contract.examples) {
      expect(validateFields(contract.input, example.input as ValueObject), example.title).toEqual([]);
    }
  });

  it("names only fields that exist", () => {
    const known = contract.input.map((field) => field.name);
    const named = [...contract.identity, ...contract.output.flatMap((field) => field.changesWith ?? [])];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("has no field in a map's elements that Ansible takes for the key", () => {
    const clash = inputs.filter(([, { type }]) => {
      const fields = type.kind === "map" && type.element.kind === "object" ? type.element.fields : [];
      return fields.some((field) => field.name === "name");
    });
    expect(clash.map(([path]) => path)).toEqual([]);
  });

  it("leaves to the world only what the user may leave out", () => {
    const wrong = inputs.filter(([, field]) => field.adopts && (field.required || field.default !== undefined));
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  it("refers to contracts that exist", () => {
    const resources = contracts.filter((each) => each.kind === "resource").map((each) => each.name);
    const referred = inputs.flatMap(([, field]) => field.refersTo ?? []);
    expect(referred.filter((name) => !resources.includes(name))).toEqual([]);
  });

  it("has facets that name its fields, and a verb that none of its options hides", () => {
    const [input, output] = [contract.input, contract.output].map((fields) => fields.map((field) => field.name));
    const { positional = [], list, exitCode } = contract.aliases.cli ?? {};
    const { groups = [], ...reachable } = contract.reachable ?? {};
    expect(input).toEqual(expect.arrayContaining([...positional]));
    expect(output).toEqual(expect.arrayContaining([list, exitCode].filter((name) => name !== undefined)));
    expect(output).toEqual(expect.arrayContaining(Object.values(reachable)));
    expect([...(input ?? []), ...(output ?? [])]).toEqual(expect.arrayContaining([...groups]));
    const options = fieldOptions(contract).map((each) => each.name);
    const others = [...Object.keys(commonOptions(contract)), "help"];
    if (contract.aliases.cli?.positional) expect(options.filter((name) => others.includes(name))).toEqual([]);
    expect(contract.interactive && contract.kind !== "action").toBeFalsy();
  });

  it("is called with its inputs in their order, and gives one value, where it is a function", () => {
    if (contract.kind !== "function") return;
    const optional = contract.input.filter(({ required }) => !required);
    expect([contract.output.length, contract.input.indexOf(optional[0] ?? (contract.input.at(-1) as Field))]).toEqual([
      1,
      contract.input.length - 1,
    ]);
    expect(optional.length).toBeLessThan(2);
    expect([...inputs, ...outputs].filter(([, field]) => field.writeOnly || field.sensitive)).toEqual([]);
  });

  it("says by exit_code and ok alone whether an action went well", () => {
    const told = contract.output.filter(({ name }) => name === "exit_code" || name === "ok");
    const types = told.map(({ name, type }) => `${name}: ${type.kind}`);
    expect(types.filter((each) => each !== "exit_code: integer" && each !== "ok: boolean")).toEqual([]);
  });

  it("keys a list by a required field of its elements", () => {
    for (const [path, field] of inputs) {
      if (field.type.kind !== "list" || !field.type.key) continue;
      const { key } = field.type;
      expect(nested(field.type).find((each) => each.name === key)?.required, path).toBe(true);
    }
  });
});

it("keeps the static contracts equal to the declarations", () => {
  expect(contracts).toEqual(JSON.parse(JSON.stringify(declarations.map(compile))));
});
