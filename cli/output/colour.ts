const CODES = { red: 31, green: 32, yellow: 33, magenta: 35 } as const;
export type Colour = keyof typeof CODES;

/** Text in a colour, where whoever reads the stream wants one: FORCE_COLOR, NO_COLOR, a terminal. */
export function coloured(colour: Colour | null, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return colour && text !== "" && wantsColour(stream) ? `\x1b[${CODES[colour]}m${text}\x1b[39m` : text;
}

function wantsColour(stream: NodeJS.WriteStream): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env;
  if (FORCE_COLOR) return !["0", "false"].includes(FORCE_COLOR);
  return !NO_COLOR && stream.isTTY === true && TERM !== "dumb";
}
