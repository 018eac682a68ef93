import { GuestkitError } from "../kit/errors.ts";

/** What a reader says of content; anything else is thrown on. */
export function refusalOf(thrown: unknown): GuestkitError {
  if (thrown instanceof GuestkitError) return thrown;
  throw thrown;
}
