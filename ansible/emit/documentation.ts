import type { Contract, Example, Field, FieldType } from "@guestkit/core/model";
import { stringify } from "yaml";
import { commonOptions } from "./common.ts";
import { groupsOf } from "./groups.ts";
import { MAP_KEY, moduleName, optionDefault, optionName, optionType } from "./option.ts";

/** Ansible reads YAML 1.1, where `off` is no text unless it stands in quotes. */
export const yaml = (value: unknown) =>
  stringify(value, { schema: "yaml-1.1", lineWidth: 110, indentSeq: true, aliasDuplicateObjects: false });

/** DOCUMENTATION of a contract's module. */
export function documentation(contract: Contract): string {
  const reads = contract.kind === "query";
  const check = reads ? "Reads only: check mode is as a run." : "Says what would change, and changes nothing.";
  return yaml({
    module: moduleName(contract),
    short_description: sentence(contract.summary),
    version_added: contract.since,
    description: [contract.description, "Runs the C(guestkit) command on the managed host."],
    author: ["the guestkit authors (@guestkit)"],
    attributes: {
      action_group: {
        support: "full",
        membership: groupsOf(contract),
        description: ["C(module_defaults) may set what a whole group of modules has."],
      },
      check_mode: { support: "full", description: [check] },
      diff_mode: {
        support: reads ? "none" : "full",
        description: [reads ? "Reads only: nothing changes." : "Shows what changes, field by field."],
      },
    },
    requirements: ["guestkit on the managed host (the role guestkit.guestkit.guestkit installs it)"],
    options: options(contract),
  });
}

/** Ansible wants no full stop behind a short description. */
const sentence = (text: string) => text.replace(/\.$/, "");

/** The contract's fields, and what its module has beside them. */
export function options(contract: Contract, common = commonOptions(contract)): Record<string, unknown> {
  const own = contract.input.map((field) => {
    const { name, aliases } = optionName(contract, field);
    return [name, { ...option(field), ...(aliases && { aliases }) }] as const;
  });
  const beside = common.map(({ name, description, spec: { no_log: _, ...shown } }) => {
    return [name, { description, ...shown }] as const;
  });
  return Object.fromEntries([...own, ...beside]);
}

function option(field: Field): Record<string, unknown> {
  const { type, elements, choices, fields } = optionType(field.type);
  const fallback = optionDefault(field);
  return {
    description: [field.description],
    type,
    ...(elements && { elements }),
    ...(field.required && { required: true }),
    ...(fallback !== undefined && { default: fallback }),
    ...(choices && { choices }),
    ...(fields && { suboptions: Object.fromEntries(fields.map((each) => [each.name, option(each)])) }),
  };
}

/** EXAMPLES: the contract's own, as tasks. */
export function examples(contract: Contract): string {
  return yaml(
    contract.examples.map((example) => ({
      name: example.title,
      [`guestkit.guestkit.${moduleName(contract)}`]: task(contract, example),
      ...(contract.kind === "query" && { register: "result" }),
    })),
  );
}

/** An example as the module takes it. */
export function task(contract: Contract, example: Example): Record<string, unknown> {
  return Object.fromEntries(
    contract.input
      .filter((field) => example.input[field.name] !== undefined)
      .map((field) => [optionName(contract, field).name, listed(field.type, example.input[field.name])]),
  );
}

/** A value of the contract as Ansible writes it: maps of objects are lists. */
function listed(type: FieldType, value: unknown): unknown {
  if (type.kind === "list") return (value as unknown[]).map((each) => listed(type.element, each));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (type.kind === "object") {
    return Object.fromEntries(
      entries.map(([name, each]) => [
        name,
        listed(type.fields.find((field) => field.name === name)?.type ?? { kind: "string" }, each),
      ]),
    );
  }
  if (type.kind !== "map" || type.element.kind !== "object") return value;
  const { element } = type;
  return entries.map(([name, each]) => ({ [MAP_KEY]: name, ...(listed(element, each) as object) }));
}

/** RETURN: a resource's state under its own name, since a key named path is lost in asynchronous tasks. */
export function returns(contract: Contract): string {
  const fields = contract.kind === "resource" ? [...contract.input, ...contract.output] : contract.output;
  const contains = Object.fromEntries(
    fields.filter((field) => !field.writeOnly).map((field) => [field.name, result(field)]),
  );
  if (contract.kind !== "resource") return yaml(contains);
  return yaml({
    id: { description: "What identifies the thing.", type: "str", returned: "when it is known" },
    action: {
      description: "What the plan does, one of none, create, update, replace and delete.",
      type: "str",
      returned: "always",
    },
    reasons: {
      description: "Why, a change an element.",
      type: "list",
      elements: "dict",
      returned: "always",
      contains: {
        path: { description: "The field that changes.", type: "str", returned: "always" },
        before: { description: "What it was.", type: "raw", returned: "always" },
        after: { description: "What it becomes.", type: "raw", returned: "always" },
        why: { description: "The cause.", type: "str", returned: "always" },
      },
    },
    [contract.name]: { description: "The thing as it is now.", type: "dict", returned: "when it is there", contains },
  });
}

function result(field: Field): Record<string, unknown> {
  const { type, elements, fields } = optionType(field.type);
  const contains = fields && Object.fromEntries(fields.map((each) => [each.name, result(each)]));
  return {
    description: field.description,
    type: type === "path" ? "str" : type,
    ...(elements && { elements: elements === "path" ? "str" : elements }),
    returned: "always",
    ...(contains && { contains }),
  };
}
