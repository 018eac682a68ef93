import { asGuestkitError, GuestkitError } from "@guestkit/core/kit";
import type { Contract } from "@guestkit/core/model";
import type { CallFunctionRequest, CallFunctionResponse, FunctionError } from "../generated/protocol.ts";
import { functions, inputOf, resultIn } from "../schema/function.ts";
import { readDynamic, writeDynamic } from "./dynamic.ts";
import type { Session } from "./session.ts";

/** Functions are called before a provider is configured, and often: they know no setting and no host. */
export async function callFunction(
  session: Session,
  { name = "", arguments: given = [] }: CallFunctionRequest,
  signal: AbortSignal,
): Promise<CallFunctionResponse> {
  const contract = functions.get(name);
  try {
    if (!contract) throw unknownFunction(name);
    if (given.length > contract.input.length) throw tooMany(contract);
    const input = inputOf(contract, given.map(readDynamic));
    const answer = await session.run(name, signal, (options) => session.validator.query(contract, input, options));
    return { result: writeDynamic(resultIn(contract, answer)) };
  } catch (error) {
    return { error: functionError(contract, error) };
  }
}

/** At the argument whose field it names. */
function functionError(contract: Contract | undefined, thrown: unknown): FunctionError {
  const { message, help, at, code } = asGuestkitError(thrown);
  const argument = contract?.input.findIndex(({ name }) => name === at?.field?.[0]) ?? -1;
  const extra = code === TOO_MANY ? contract?.input.length : undefined;
  const place = extra ?? (argument < 0 ? undefined : argument);
  return {
    text: [message, help, `(${code})`].filter(Boolean).join("\n"),
    ...(place !== undefined && { function_argument: place }),
  };
}

const TOO_MANY = "E_FUNCTION_ARGUMENTS";

function tooMany({ name, input }: Contract): GuestkitError {
  const last = input.at(-1)?.name;
  return new GuestkitError(TOO_MANY, `Cannot call ${name}: it takes ${last} once`, {
    help: `Give it ${input.map((field) => field.name).join(", ")}.`,
  });
}

function unknownFunction(name: string): GuestkitError {
  return new GuestkitError("E_CONTRACT_UNKNOWN", `Cannot call "${name}": this provider has no such function`, {
    help: `It has: ${[...functions.keys()].join(", ")}.`,
  });
}
