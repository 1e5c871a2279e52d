/* The player as it was, for a reload and the next visit: its episode, position and chapters. Nothing plays
   before a press. */

import { audio, chapters, episode, part, position, restore } from "./audio.js";
import { record, write } from "./storage.js";

const NAME = "player";
const INTERVAL = 5; // seconds between saves
const stored = record(NAME, 1, null);
let isOurs = false; // else another tab's position may be newer
let savedAt = 0;

function save() {
  if (!isOurs || !episode) return;
  savedAt = position();
  if (audio.ended) write(NAME, null);
  else stored.write({ episode, at: Math.floor(savedAt), chapters, part });
}

function onEpisode() {
  isOurs = true;
  if (episode) save();
  else write(NAME, null);
}

function saveRegularly() {
  if (Math.abs(position() - savedAt) >= INTERVAL) save();
}

const found = stored.read();
if (found?.episode?.audio) restore(found.episode, found.at || 0, found.chapters ?? [], found.part);
for (const event of ["play", "sought"]) audio.addEventListener(event, () => { isOurs = true; });
for (const event of ["play", "pause", "ended", "chapters"]) audio.addEventListener(event, save);
audio.addEventListener("episode", onEpisode);
audio.addEventListener("timeupdate", saveRegularly);
addEventListener("pagehide", save);
