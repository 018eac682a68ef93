/** Hands out the keys for an encrypted device. */
export interface KeyRing {
  /** In the order to be tried: by `names` of the device, by its UUID, then those for any. */
  candidates(names: readonly string[], uuid: string): Promise<readonly Uint8Array[]>;
}

export const noKeys: KeyRing = { candidates: async () => [] };
