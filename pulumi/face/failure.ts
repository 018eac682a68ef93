import type { Properties } from "./values.ts";

/** A failure without a stack: the SDK prints it for users. */
export class Failure extends Error {
  constructor(message: string) {
    super(message);
    this.name = "guestkit";
    this.stack = "";
  }
}

/** A failure that leaves something behind: the SDK keeps `properties` in the state as far as it came. */
export class PartialFailure extends Failure {
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: readonly string[];

  constructor(message: string, id: string, properties: Properties) {
    super(message);
    this.id = id;
    this.properties = properties;
    this.reasons = [message];
  }
}
