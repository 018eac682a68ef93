import { callerFiles } from "../../host/caller-files.ts";
import { type CallerPath, nameElsewhere, ownPath } from "../../kit/caller-path.ts";
import type { CallerFiles, CallerLook, Context } from "../../kit/context.ts";
import { isObject, type Value, type ValueObject } from "../../model/value.ts";
import { fetchFile, odd, type Wanted } from "./fetch.ts";
import type { Named } from "./named.ts";
import { type As, type Fault, MOST_LOOKS, MOST_OPEN } from "./wire.ts";

export interface Asking extends Pick<Context, "signal" | "progress" | "settings"> {
  /** Asks the caller on behalf of the request at hand. */
  readonly ask: Wanted["ask"];
  /** What the request at hand names; worked out at the first need. */
  readonly named: () => Named;
}

/**
 * Files of a caller on another machine, as far as the request at hand names them: for others nothing is asked, they are of
 * another caller, or of another request of his.
 */
export function rpcFiles(asking: Asking): CallerFiles {
  const here = callerFiles({});
  const [turn, looking] = [turns(MOST_OPEN / 2), turns(MOST_LOOKS)];
  const bring = (path: CallerPath, name: string, as: As, most?: number) =>
    turn(() => broughtFile(demandNamed(path, name, as, asking), as, most, asking));
  return {
    look: async (path) => {
      const name = nameElsewhere(path);
      if (name === null) return await here.look(path);
      return await looking(() => lookThere(demandNamed(path, name, null, asking), asking));
    },
    locate: async (path, most) => {
      const name = nameElsewhere(path);
      return name === null ? await here.locate(path) : await bring(path, name, "file", most);
    },
    folder: async (path) => {
      const name = nameElsewhere(path);
      return name === null ? await here.folder(path) : { tar: await bring(path, name, "tar") };
    },
  };
}

/** Throws `E_FILE_ELSEWHERE`. */
function demandNamed(path: CallerPath, name: string, as: As | null, { named }: Asking): string {
  const { files, folders } = named();
  const isNamed = (as !== "tar" && files.has(name)) || (as !== "file" && folders.has(name));
  return isNamed ? name : ownPath(path);
}

async function lookThere(path: string, { ask }: Asking): Promise<CallerLook | null> {
  const { kind, stamp, fault } = answerOf(await ask("file.stat", { path }));
  if (isObject(fault ?? null)) throw faultError(path, fault as unknown as Fault);
  if (kind !== "file" && kind !== "directory" && kind !== "other") return null;
  return { kind, stamp: String(stamp) };
}

async function broughtFile(path: string, as: As, most: number | undefined, asking: Asking): Promise<string> {
  const { signal, progress, settings, ask } = asking;
  progress({ phase: "bringing files", detail: path });
  const { size, sha256, fault } = answerOf(await ask("file.open", { path, as, ...(most !== undefined && { most }) }));
  if (isObject(fault ?? null)) throw faultError(path, fault as unknown as Fault);
  if (!Number.isSafeInteger(size) || Number(size) < 0 || !/^[0-9a-f]{64}$/.test(String(sha256))) throw odd(path);
  try {
    const context = { signal, progress, settings };
    return await fetchFile({ path, as, size: Number(size), sha256: String(sha256), ask, context });
  } finally {
    await ask("file.close", { path, as }).catch(() => {});
  }
}

const answerOf = (answer: unknown): ValueObject => (isObject(answer as Value) ? (answer as ValueObject) : {});

/** As if it had been thrown here. */
function faultError(path: string, { code, why }: Fault): Error {
  if (typeof code !== "string") return new Error(String(why));
  return Object.assign(new Error(`${code}: ${why}, open '${path}'`), { code, syscall: "open", path });
}

/** Runs so many at once; the others wait for their turn. */
function turns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
