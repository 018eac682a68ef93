import { GuestkitError } from "../../../kit/errors.ts";

/** `E_RPM_${code}`: what is wrong with a database of packages, and where. */
export function damaged(path: string, code: string, offset: number, what: string): GuestkitError {
  return new GuestkitError(`E_RPM_${code}`, `Cannot read the packages in "${path}": ${what}`, {
    at: { file: path, offset },
    help: "The database is damaged: look at a copy of it with rpm -qa --dbpath, or make it anew in the guest with rpm --rebuilddb.",
  });
}
