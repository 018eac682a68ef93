/** The day by which waivers are judged (UTC). */
export const today = (): string => new Date().toISOString().slice(0, 10);
