import { ENTRY, INTRO, NUMBER_TAGS, TEXT_TAGS, Type } from "./layout.ts";

/** Values that are wanted are numbered as their tags are told, texts before numbers: how many texts there are. */
export const TEXTS = Object.keys(TEXT_TAGS).length;
const TAGS = [...Object.values(TEXT_TAGS), ...Object.values(NUMBER_TAGS)];
/** These numbers by their tag, counted from 1 on: each entry of each header is looked up. */
const WANTED = numbered(TAGS);

function numbered(tags: readonly number[]): Uint8Array {
  const wanted = new Uint8Array(Math.max(...tags) + 1);
  for (const [field, tag] of tags.entries()) wanted[tag] = field + 1;
  return wanted;
}

/** Where in a header the values stand that are wanted, in that order; of one header after the other. */
export class HeaderIndex {
  /** How many there are. */
  count = 0;
  readonly fields = new Uint8Array(TAGS.length);
  readonly types = new Uint8Array(TAGS.length);
  /** Bytes from the header's start. */
  readonly places = new Int32Array(TAGS.length);

  /**
   * Reads the entries between the intro and `start`, behind which are `bytes` of values. Of one that is there twice the first
   * counts, as for rpm. Gives the place of one whose value lies outside of these, or 0.
   */
  read(head: Uint8Array, start: number, bytes: number): number {
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    let seen = 0;
    this.count = 0;
    for (let at = INTRO.size; at < start; at += ENTRY.size) {
      const field = (WANTED[view.getUint32(at + ENTRY.tag)] ?? 0) - 1;
      if (field < 0 || (seen & (1 << field)) !== 0) continue;
      seen |= 1 << field;
      const type = view.getUint32(at + ENTRY.type);
      const offset = view.getUint32(at + ENTRY.offset);
      const size = type === Type.int32 ? 4 : type === Type.int64 ? 8 : 1;
      if (offset + size > bytes) return at;
      if (isOfKind(field, type)) this.#add(field, type, start + offset);
    }
    return 0;
  }

  /** Mostly it is the last one. */
  #add(field: number, type: number, place: number): void {
    let slot = this.count++;
    for (; slot > 0 && (this.places[slot - 1] ?? 0) > place; slot--) this.#move(slot - 1, slot);
    this.fields[slot] = field;
    this.types[slot] = type;
    this.places[slot] = place;
  }

  #move(from: number, to: number): void {
    this.fields[to] = this.fields[from] ?? 0;
    this.types[to] = this.types[from] ?? 0;
    this.places[to] = this.places[from] ?? 0;
  }
}

function isOfKind(field: number, type: number): boolean {
  if (field < TEXTS) return type === Type.string || type === Type.i18nString;
  return type === Type.int32 || type === Type.int64;
}
