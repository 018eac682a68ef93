/** Where in a guest, or on its disk, a field of a report is read: zod metadata, told in its schema and in docs/report.md. */
export const readFrom = (...from: readonly string[]) => (from.length > 0 ? { from } : {});
