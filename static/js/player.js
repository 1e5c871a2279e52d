/* What the player's buttons and sliders do, and the keys while the focus is among them. */

import { answer, skipAnswer, toAnswer } from "./answers.js";
import { bar, endPreview, preview, tellSlider } from "./bar.js";
import { read, write } from "./storage.js";
import { shortcut } from "./keys.js";
import { say } from "./say.js";
import { shares } from "./share.js";
import { audio, chapterAt, chapters, close, episode, isPlaying, play, position, seek, toggle } from "./sound.js";
import { clock } from "./times.js";

const BACK = 15; // seconds
const FORWARD = 30;
const RESTARTS = 3; // seconds into a chapter, “previous” goes to its beginning
const playing = bar.querySelector("[data-does=toggle]");
const slider = bar.querySelector("[data-seek]");
const volume = bar.querySelector("[data-volume] input");
const more = bar.querySelector(".more");
const speed = bar.querySelector("[data-speed]");
let openedBy = null; // what had the focus when the bar came

/* Say where we are, unless the slider has the focus: its new value is read out. */
function sayWhere() {
  if (document.activeElement === slider) return;
  const chapter = chapterAt();
  say(`${clock(position())}${chapter ? `, ${chapter.title}` : ""}`);
}

function moveTo(seconds) {
  seek(seconds);
  tellSlider();
  sayWhere();
}

function toNext() {
  if (toAnswer(1)) return;
  const next = chapters.find(({ start }) => start > position() + 1);
  if (next) moveTo(next.start);
}

function toPrevious() {
  if (toAnswer(-1)) return;
  const before = chapters.findLast(({ start }) => start < position() - RESTARTS);
  moveTo(before?.start ?? 0);
}

/* Said unless the button itself has the focus: that it is pressed, or isn't, is read out. */
function playOrPause() {
  toggle();
  if (document.activeElement === playing) return;
  say(isPlaying() ? "Playing" : `Paused at ${clock(position())}`);
}

/* The button goes away with the message. */
function retry() {
  playing.focus({ preventScroll: true });
  play();
}

function leave() {
  const back = openedBy?.isConnected && openedBy !== document.body ? openedBy : document.getElementById("main");
  close();
  back.focus({ preventScroll: true });
  say("Player closed");
}

export const actions = {
  toggle: playOrPause,
  retry,
  back: () => moveTo(position() - BACK),
  forward: () => moveTo(position() + FORWARD),
  previous: toPrevious,
  next: toNext,
  close: leave,
  ...shares,
};

function stepSpeed(by) {
  const option = speed.options[speed.selectedIndex + by];
  if (option) {
    setSpeed(Number(option.value));
    write("speed", option.value);
  }
  say(`Speed ${speed.value}`);
}

const keys = {
  k: playOrPause,
  j: actions.back,
  l: actions.forward,
  p: actions.previous,
  n: actions.next,
  t: sayWhere,
  c: actions.link,
  "<": () => stepSpeed(-1),
  ">": () => stepSpeed(1),
};

/* The nearest of the speeds on offer. */
function setSpeed(wanted) {
  const rates = Array.from(speed.options, ({ value }) => Number(value));
  const far = (rate) => Math.abs(rate - (wanted > 0 && wanted <= 16 ? wanted : 1));
  const rate = rates.reduce((best, each) => far(each) < far(best) ? each : best);
  audio.defaultPlaybackRate = rate; // a new source begins with it
  audio.playbackRate = rate;
  speed.value = String(rate);
}

/* Some systems keep the volume to themselves. */
function prepareVolume() {
  const kept = Number(read("volume") ?? read("audioPlayerVolume") ?? 1);
  audio.volume = 0.5;
  volume.parentElement.hidden = audio.volume !== 0.5;
  audio.volume = kept >= 0 && kept <= 1 ? kept : 1;
  volume.value = audio.volume;
}

function onError() {
  if (!episode) return;
  const missed = answer()?.number;
  say(skipAnswer() ? `Answer ${missed} can't be reached, on to answer ${answer().number}` : "The audio can't be reached");
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const { key, target } = event;
  const isSlider = target === slider;
  if (isSlider) tellSlider(); // the keys go on from here
  else if (target.matches("input, select")) return;
  if (key === " " && (isSlider || !target.matches("button, summary"))) playOrPause();
  else if (key === "ArrowLeft" || (isSlider && key === "ArrowDown")) actions.back();
  else if (key === "ArrowRight" || (isSlider && key === "ArrowUp")) actions.forward();
  else return;
  event.preventDefault();
}

function closeMore({ key }) {
  if (key !== "Escape" || !more.open) return;
  more.open = false;
  more.querySelector("summary").focus();
}

bar.addEventListener("keydown", closeMore);
document.addEventListener("click", ({ target }) => { if (!more.contains(target)) more.open = false; });
bar.addEventListener("click", (event) => {
  actions[event.target.closest("[data-does]")?.dataset.does]?.();
});
bar.addEventListener("keydown", onKey);
slider.addEventListener("input", () => preview(Number(slider.value)));
slider.addEventListener("change", () => {
  seek(Number(slider.value));
  endPreview();
  tellSlider();
});
speed.addEventListener("change", () => {
  setSpeed(Number(speed.value));
  write("speed", speed.value);
});
volume.addEventListener("input", () => {
  audio.volume = Number(volume.value);
  write("volume", volume.value);
});
for (const [key, act] of Object.entries(keys)) {
  shortcut(key, () => { // keys of the player are the page's own while nothing plays
    if (!episode) return false;
    act();
    return true;
  });
}
prepareVolume();
audio.addEventListener("episode", () => { if (episode) openedBy ??= document.activeElement; else openedBy = null; });
audio.addEventListener("error", onError);
setSpeed(Number(read("speed") ?? read("audioPlayerPlaybackSpeed") ?? 1));
document.querySelector("[data-to-player]").addEventListener("click", (event) => {
  event.preventDefault();
  playing.focus();
});
