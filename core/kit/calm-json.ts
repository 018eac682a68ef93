/** What JSON leaves as it is and a terminal does not: DEL, C1 controls, marks that turn the writing direction. */
const DISTURBING = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu;

/** JSON text that no terminal minds: the same document. */
export function calm(json: string): string {
  return json.replace(DISTURBING, (char) =>
    Array.from({ length: char.length }, (_, unit) => `\\u${char.charCodeAt(unit).toString(16).padStart(4, "0")}`).join(
      "",
    ),
  );
}
