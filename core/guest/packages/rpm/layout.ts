/** What rpm keeps, in the words of https://rpm-software-management.github.io/rpm/manual/format_header.html. */

/** Before a header's entries, big-endian: how many there are, and how many bytes of values follow them. */
export const INTRO = { size: 8, entries: 0, bytes: 4 } as const;
/** One of them: bytes of it, and where its fields stand. */
export const ENTRY = { size: 16, tag: 0, type: 4, offset: 8 } as const;

/** rpm's own bound (lib/header.c). */
export const MAX_ENTRIES = 0xffff;
/** A quarter of rpm's own: packages of a hundred thousand files have some 20 MiB. */
export const MAX_BYTES = 64 << 20;

/** Tags of the values that are wanted, and of what type they are. */
export const TEXT_TAGS = {
  name: 1000,
  version: 1001,
  release: 1002,
  vendor: 1011,
  license: 1014,
  arch: 1022,
  sourceRpm: 1044,
} as const;
/** Its place among these: each package has one. */
export const NAME = 0;

export const NUMBER_TAGS = { epoch: 1003, installTime: 1008, size: 1009, longSize: 5009 } as const;

export const Type = { int32: 4, int64: 5, string: 6, i18nString: 9 } as const;
