/* What this device prefers: speed, volume, whether a transcript scrolls along, whether shortcuts are on. */

import { read, record } from "./storage.js";

// Where earlier releases, and the show's former site, stored them.
const FORMER = {
  speed: ["speed", "audioPlayerPlaybackSpeed"],
  volume: ["volume", "audioPlayerVolume"],
  follow: ["follow"],
  shortcuts: ["shortcut"],
};
const preferences = record("preferences", 1, {});

/* As text; null if none was chosen. */
export function preference(name) {
  const chosen = preferences.read()?.[name];
  return chosen ?? FORMER[name].map(read).find((value) => value !== null) ?? null;
}

export function prefer(name, value) {
  preferences.write({ ...preferences.read(), [name]: value });
}
