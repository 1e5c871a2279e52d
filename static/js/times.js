/* Seconds in figures and in words. */

/* `25:26`, `1:02:03`. */
export function clock(seconds) {
  const rounded = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(rounded / 3600), Math.floor(rounded / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rounded % 60)}` : `${minutes}:${two(rounded % 60)}`;
}

/* `25 minutes 26 seconds`: screen readers read `25:26` as the time of day. */
export function spoken(seconds) {
  const rounded = Math.max(0, Math.floor(seconds));
  const parts = [[Math.floor(rounded / 3600), "hour"], [Math.floor(rounded / 60) % 60, "minute"], [rounded % 60, "second"]];
  const words = parts.filter(([count]) => count).map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  return words.join(" ") || "0 seconds";
}
