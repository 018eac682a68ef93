import { isDeepStrictEqual } from "node:util";
import { reportError, suggestion } from "@guestkit/core/kit";
import { SETTINGS } from "../face/known-settings.ts";
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

/** What the engine adds to a provider's own settings. */
const ENGINES = ["version", "pluginDownloadURL"];

function refused(config: Raw): CheckFailure[] {
  const get = textsOf(config);
  const names = Object.keys(config).filter((name) => !ENGINES.includes(name) && !name.startsWith("__"));
  return names.flatMap((property) => {
    const reason = wrong(property, get);
    return reason === null ? [] : [{ property, reason }];
  });
}

/** What is wrong with one setting; null where nothing is. */
function wrong(name: string, get: (key: string) => string | undefined): string | null {
  const value = get(name);
  if (!(name in SETTINGS)) {
    const help = `${suggestion(name, Object.keys(SETTINGS))}There are ${Object.keys(SETTINGS).join(", ")}.`;
    return `Cannot use ${name}: guestkit has no such setting (E_SETTING)\n${help}`;
  }
  if (value === undefined) return null;
  if (name === "lockTimeout" && !(Number(value) >= 0)) {
    return "Cannot use lockTimeout: it is no number of seconds (E_SETTING)\nWrite one, such as 60.";
  }
  if (name === "remoteInstall" && !["true", "false"].includes(value)) {
    return "Cannot use remoteInstall: it is neither true nor false (E_SETTING)\nWrite one of them.";
  }
  return name === "keys" ? wrongKeys(value) : null;
}

function wrongKeys(text: string): string | null {
  try {
    settingsOf((key) => (key === "keys" ? text : undefined));
    return null;
  } catch (error) {
    const { message, code } = reportError(error);
    return `${message} (${code})`;
  }
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
