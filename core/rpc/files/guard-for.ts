import type { EngineFace } from "../../engine/engine-face.ts";
import { resolveSettings } from "../../host/settings.ts";
import type { Contract } from "../../model/contract.ts";
import type { ValueObject } from "../../model/value.ts";
import { Breach } from "../client.ts";
import { type FileGuard, fileGuard } from "./guard.ts";
import { namedFiles } from "./named.ts";

/** The call that a guard is for. */
export interface Guarded {
  /** The engine of the caller's end, with his own folder as `callerDir`. */
  readonly engine: Pick<EngineFace, "canonical">;
  readonly contract: Contract;
  /** All that the call sends which may name files: configuration, input, prior state. */
  readonly declared: readonly (ValueObject | null)[];
  readonly signal?: AbortSignal | undefined;
}

/** What answers the host's questions about files during one call: `ClientCall.answer`. Dispose it with the call. */
export function guardFor({ engine, contract, declared, signal }: Guarded): FileGuard {
  return fileGuard({
    named: () =>
      namedFiles(
        engine,
        contract,
        declared.filter((each) => each !== null),
      ),
    breach: (code, message, detail) => new Breach(code, message, detail),
    signal: signal ?? new AbortController().signal,
    cacheDir: resolveSettings().cacheDir,
  });
}
