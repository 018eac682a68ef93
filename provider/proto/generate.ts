import { readFileSync } from "node:fs";
import { join } from "node:path";
import { emitProtocol } from "./emit.ts";
import { parseProto } from "./parse.ts";

const SOURCES = ["tfplugin6.proto", "plugin.proto", "health.proto"];

/** The text of `generated/protocol.ts`. */
export function generateProtocol(): string {
  return emitProtocol(SOURCES.map((name) => parseProto(readFileSync(join(import.meta.dirname, name), "utf8"))));
}
