import type { Contract, Field } from "@guestkit/core/model";

/** `guestkit_disk_image`, or the name that the contract fixes for Terraform. */
export function typeName(contract: Contract): string {
  return contract.aliases.terraform?.name ?? `guestkit_${contract.name}`;
}

/** Whether its secrets are write-only: where nothing is kept (queries of a configuration, secrets) they need not be. */
export const hasWriteOnly = ({ kind }: Contract): boolean => kind === "resource" || kind === "action";

/** Input fields as Terraform names them; `id` of a resource comes on top and is no field of its own. */
export function inputFields(contract: Contract): readonly NamedField[] {
  const aliases = contract.aliases.terraform?.fields ?? {};
  return named(contract.input, hasWriteOnly(contract), aliases);
}

export function outputFields(contract: Contract): readonly NamedField[] {
  return named(contract.output, false, contract.aliases.terraform?.fields ?? {});
}

/** A field and what Terraform calls it. */
export interface NamedField {
  readonly name: string;
  readonly field: Field;
  /** Given in the configuration, never planned and never stored. */
  readonly writeOnly: boolean;
}

/**
 * A write-only `X` is `X_wo` and its `X_version` is `X_wo_version`, by Terraform's custom. Where write-only attributes
 * do not exist (data sources) the names stay.
 */
export function named(
  fields: readonly Field[],
  withWriteOnly: boolean,
  aliases: Readonly<Record<string, string>> = {},
): readonly NamedField[] {
  const secrets = new Set(withWriteOnly ? fields.filter((field) => field.writeOnly).map((field) => field.name) : []);
  return fields.map((field) => {
    const writeOnly = secrets.has(field.name);
    const base = field.name.replace(/_version$/, "");
    const name = writeOnly
      ? `${field.name}_wo`
      : base !== field.name && secrets.has(base)
        ? `${base}_wo_version`
        : field.name;
    return { name: aliases[field.name] ?? name, field, writeOnly };
  });
}
