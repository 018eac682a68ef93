import { readFileSync } from "node:fs";
import { join } from "node:path";
import { emitProtocol, parseProto } from "@guestkit/core/grpc";
import type { Contract } from "@guestkit/core/model";
import { schemaOf } from "./emit/schema.ts";
import { typescriptOf } from "./emit/typescript.ts";
import { pulumiText } from "./face/names.ts";
import manifest from "./package.json" with { type: "json" };

/** Descriptions speak of other fields by their names in the contract: here by those in Pulumi. */
function renamed(contract: Contract): Contract {
  const text = JSON.stringify(contract, (key, value) =>
    key === "description" && typeof value === "string" ? pulumiText(contract, value) : value,
  );
  return JSON.parse(text) as Contract;
}

/** What is emitted from the contracts for Pulumi: path from the repository's root -> text. */
export function pulumiFiles(declared: readonly Contract[]): Record<string, string> {
  const contracts = declared.map(renamed);
  return {
    "pulumi/generated/protocol.ts": emitProtocol([parseProto(protocol())]),
    "pulumi/generated/sdk.ts": typescriptOf(contracts),
    "pulumi/generated/schema.json": `${JSON.stringify(schemaOf(contracts, manifest.version), null, 1)}\n`,
  };
}

const protocol = () => readFileSync(join(import.meta.dirname, "proto/provider.proto"), "utf8");
