/* The positions of started episodes on this device. */

import { record } from "./storage.js";

const MOST = 500; // episodes
// Pairs of an episode's path and its details, oldest first. Earlier releases stored them without a version.
const stored = record("positions", 1, [], (former) => former);

/* Each started episode by its path: its details, and `at`, in seconds. */
export function positions() {
  try {
    return new Map(stored.read());
  } catch {
    return new Map(); // not what we stored
  }
}

/* With the episode's details, for the home page (continue.js). At 0 seconds it isn't started. */
export function storePosition(of, seconds) {
  const all = positions();
  all.delete(of.page); // moves it to the end, the newest
  if (seconds) all.set(of.page, { ...of, at: seconds });
  stored.write([...all].slice(-MOST));
  document.dispatchEvent(new Event("position:stored"));
}
