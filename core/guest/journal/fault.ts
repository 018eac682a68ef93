import { GuestkitError } from "../../kit/errors.ts";

/** `E_JOURNAL_${code}`: what is wrong with a journal, and where. */
export function damaged(name: string, code: string, offset: number, what: string): GuestkitError {
  return new GuestkitError(`E_JOURNAL_${code}`, `Cannot read the journal "${name}": ${what}`, {
    at: { file: name, offset },
    help: "See what is wrong with it in a copy: journalctl --verify --file COPY. Other journals are read all the same.",
  });
}
