import type { EngineFace } from "../../engine/engine-face.ts";
import type { CallerFiles } from "../../kit/context.ts";
import { contractOf } from "../../model/registry.ts";
import { isObject, type ValueObject } from "../../model/value.ts";
import { decode } from "../codec.ts";
import type { Request } from "../protocol.ts";
import { type Asking, rpcFiles } from "./caller-files.ts";
import { namedFiles } from "./named.ts";

/** Parameters that may name files. */
const DECLARATIONS = ["config", "input", "prior"];

/** The caller's files as far as one request names them. */
export function filesFor(
  params: Request["params"],
  engine: Pick<EngineFace, "canonical" | "settings">,
  asking: Omit<Asking, "named" | "settings">,
): CallerFiles {
  const declared = () =>
    DECLARATIONS.flatMap((name): ValueObject[] => {
      const value = decode(params[name] ?? null);
      return isObject(value) ? [value] : [];
    });
  const named = () =>
    typeof params.contract === "string"
      ? namedFiles(engine, contractOf(params.contract), declared())
      : { files: new Set<string>(), folders: new Set<string>() };
  return rpcFiles({ ...asking, settings: engine.settings, named });
}
