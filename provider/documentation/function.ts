import type { Contract } from "@guestkit/core/model";
import type { FunctionParameter } from "../generated/protocol.ts";
import { functionOf } from "../schema/function.ts";
import { typeText } from "./attributes.ts";

/** The registry's custom for the page of a function: its signature, then its arguments. */
export function functionSections(contract: Contract): string[] {
  const { parameters = [], variadic_parameter: last, return: result } = functionOf(contract);
  const words = [...parameters.map(word), ...(last ? [`${word(last)}...`] : [])];
  const [output] = contract.output;
  return [
    "## Signature",
    `\`\`\`text\n${contract.name}(${words.join(", ")}) ${typeText(result ?? {}).toLowerCase()}\n\`\`\``,
    "## Arguments",
    [...parameters, ...(last ? [last] : [])].map((each, at) => `${at + 1}. ${line(contract, each)}`).join("\n"),
    "## Return Type",
    `${typeText(result ?? {})}. ${output?.description ?? ""}`,
  ];
}

const word = (parameter: FunctionParameter): string => `${parameter.name} ${typeText(parameter).toLowerCase()}`;

function line({ input }: Contract, parameter: FunctionParameter): string {
  const field = input.find(({ name }) => name === parameter.name);
  const fallback = field?.required ? "" : ` May be left out. Default: \`${JSON.stringify(field?.default ?? null)}\`.`;
  return `\`${parameter.name}\` (${typeText(parameter)}) ${parameter.description}${fallback}`;
}
