import { GuestkitError } from "../kit/errors.ts";

/** What errors name a container by. */
export interface Named {
  readonly name: string;
}

/** A header that does not hold together, `E_LUKS_<part>`; `offset` is where in `source` that is seen. */
export function damaged(source: Named, part: string, offset: number, what: string): GuestkitError {
  return new GuestkitError(`E_LUKS_${part}`, `Cannot read the LUKS header of "${source.name}": ${what}`, {
    at: { file: source.name, offset },
    help: "The header is damaged. Where a copy of it was made: cryptsetup luksHeaderRestore DEVICE --header-backup-file COPY",
  });
}

/** What is known and not read: `E_LUKS_FEATURE`. */
export function unread(source: Named, offset: number, what: string, help: string): GuestkitError {
  return new GuestkitError("E_LUKS_FEATURE", `Cannot open the LUKS container "${source.name}": ${what}`, {
    at: { file: source.name, offset },
    help,
  });
}

/** `E_LUKS_CIPHER`: a cipher, a mode or a hash that is not there. */
export function lacking(source: Named, what: string): GuestkitError {
  return new GuestkitError("E_LUKS_CIPHER", `Cannot decrypt "${source.name}": ${what}`, {
    at: { file: source.name, offset: 0 },
    help: "Open it with the kernel on a copy: cryptsetup open --readonly COPY NAME",
  });
}
