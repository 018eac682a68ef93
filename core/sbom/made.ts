/** A document as it is to be written. */
export interface Made {
  /** JSON. */
  readonly text: string;
  /** `urn:uuid:`: the same content has the same one. */
  readonly serial: string;
}
