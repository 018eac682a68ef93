import { isDeepStrictEqual } from "node:util";
import { reportError } from "@guestkit/core/kit";
import { placeOf, settingsOf } from "../face/settings.ts";
import {
  DiffResponseDiffChanges as Changes,
  type CheckFailure,
  type CheckRequest,
  type CheckResponse,
  type ConfigureRequest,
  type ConfigureResponse,
  type DiffRequest,
  type DiffResponse,
} from "../generated/protocol.ts";
import { open } from "./secret.ts";
import type { Session } from "./session.ts";
import { type Raw, readStruct } from "./struct.ts";

/** Values of the configuration come as text; what is none was written in a program, or as JSON. */
const textsOf = (config: Raw) => (key: string) => {
  const value = config[key];
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
};

export async function checkConfig({ news }: CheckRequest): Promise<CheckResponse> {
  return { ...(news && { inputs: news }), failures: refused(open(readStruct(news))) };
}

function refused(config: Raw): CheckFailure[] {
  const get = textsOf(config);
  const problems = new Map<string, string>();
  const lockTimeout = get("lockTimeout");
  if (lockTimeout !== undefined && !(Number(lockTimeout) >= 0)) {
    problems.set(
      "lockTimeout",
      "Cannot use lockTimeout: it is no number of seconds (E_SETTING)\nWrite one, such as 60.",
    );
  }
  try {
    settingsOf((key) => (key === "keys" ? get(key) : undefined));
  } catch (error) {
    const { message, code } = reportError(error);
    problems.set("keys", `${message} (${code})`);
  }
  return [...problems].map(([property, reason]) => ({ property, reason }));
}

/** Nothing is replaced: whether another host is another machine is seen where things are looked for. */
export async function diffConfig({ olds, old_inputs, news }: DiffRequest): Promise<DiffResponse> {
  const [before, after] = [open(readStruct(old_inputs ?? olds)), open(readStruct(news))];
  return { changes: isDeepStrictEqual(before, after) ? Changes.DIFF_NONE : Changes.DIFF_SOME };
}

export async function configure(session: Session, { args }: ConfigureRequest): Promise<ConfigureResponse> {
  const get = textsOf(open(readStruct(args)));
  session.configure(settingsOf(get), placeOf(get));
  return { acceptSecrets: true, supportsPreview: true, acceptResources: false, acceptOutputs: false };
}
