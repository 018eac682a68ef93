import { GuestkitError } from "../../../kit/errors.ts";

/** `E_NIX_${code}`: what is wrong with a store. */
export function wrong(path: string, code: string, what: string): GuestkitError {
  return new GuestkitError(`E_NIX_${code}`, `Cannot read the packages in "${path}": ${what}`, {
    at: { file: path },
    help: "Look at it with nix-store --verify and nix-store --query --requisites in the guest.",
  });
}
