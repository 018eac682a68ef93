/** Seconds for people, the two largest parts: `3 d 4 h`, `12 min`, `45 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const shown = parts.slice(first < 0 ? -1 : first).slice(0, 2);
  return shown
    .map(([count, unit]) => (count > 0 || shown.length === 1 ? `${count} ${unit}` : ""))
    .join(" ")
    .trim();
}
