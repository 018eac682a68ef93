import { isObject, type ValueObject } from "../model/value.ts";
import { lookUp, type Scope } from "./scope.ts";
import { mapTexts, substituteText } from "./template.ts";

/** The file's `keys` with the values of its variables; what else they refer to is looked up when they are needed. */
export function writtenKeys(written: ValueObject, scope: Scope): ValueObject {
  const keys = mapTexts(written, (text) =>
    substituteText(text, (reference) => {
      const found = lookUp(scope, reference, null);
      return found && "value" in found ? found.value : undefined;
    }),
  );
  return isObject(keys) ? keys : {};
}
