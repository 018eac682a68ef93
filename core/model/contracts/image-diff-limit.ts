/** Changes that one answer of image_diff holds; the command line tells all of them. */
export const MOST_CHANGES = 10_000;
