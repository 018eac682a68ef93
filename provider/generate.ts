import { readFileSync } from "node:fs";
import { join } from "node:path";
import { emitProtocol, parseProto } from "@guestkit/core/grpc";
import type { Contract } from "@guestkit/core/model";
import { providerPages } from "./documentation/pages.ts";

const PROTOCOLS = ["tfplugin6.proto", "plugin.proto", "health.proto"];

/** What `npm run generate` writes below `provider/`: the protocol's tables and the registry's pages. */
export function providerFiles(contracts: readonly Contract[]): Readonly<Record<string, string>> {
  const files = { "generated/protocol.ts": protocol(), ...providerPages(contracts) };
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`provider/${name}`, text]));
}

function protocol(): string {
  const read = (name: string) => readFileSync(join(import.meta.dirname, "proto", name), "utf8");
  return emitProtocol(PROTOCOLS.map((name) => parseProto(read(name))));
}
