import type { Option } from "./command.ts";

export const JSON_OUTPUT: Option = { kind: "flag", description: "Print JSON." };
