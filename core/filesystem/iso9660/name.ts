import { encodeName } from "../../kit/name.ts";

/** A plain name as the kernel shows it (`map=normal`): lower case, without `;1`. */
export function plainName(raw: Uint8Array): Uint8Array {
  const text = String.fromCharCode(...raw).split("\0")[0] ?? "";
  const shown = text.replace(/\.?;1$/, "").replace(/[A-Z]/g, (char) => char.toLowerCase());
  return Uint8Array.from(shown.replace(/[;/]/g, "."), (char) => char.charCodeAt(0));
}

/** A name in UCS-2, big end first, without `;1` and dots at the end. */
export function jolietName(raw: Uint8Array): Uint8Array {
  const text = decodeUcs2(raw).replace(/(.);1$/su, "$1");
  return encodeName(text.replace(/(?<=.)\.+$/su, ""));
}

export function decodeUcs2(raw: Uint8Array): string {
  return new TextDecoder("utf-16be").decode(raw.subarray(0, raw.length & ~1));
}

/** The form in which Joliet's names are compared: upper and lower case are equal. */
export function foldName(name: Uint8Array): string {
  return new TextDecoder().decode(name).toLowerCase();
}

/** A volume's label: the primary one, in Joliet's spelling where that is the same but for case. */
export function volumeLabel(primary: Uint8Array, joliet: Uint8Array | null): string | null {
  const label = trim(String.fromCharCode(...primary));
  const spelled = joliet ? trim(decodeUcs2(joliet)) : "";
  const same = spelled !== "" && spelled.toUpperCase() === label.slice(0, spelled.length).toUpperCase();
  return (same ? spelled + label.slice(spelled.length) : label) || spelled || null;
}

function trim(text: string): string {
  return text.replace(/[ \0]+$/, "");
}
