import { GuestkitError } from "@guestkit/core/kit";

export function unknownType(name: string | undefined): GuestkitError {
  return new GuestkitError(
    "E_CONTRACT_UNKNOWN",
    `Cannot use a resource, data source or action: this provider has no "${name}"`,
    {
      help: "Read the provider's schema anew: terraform init -upgrade",
    },
  );
}
