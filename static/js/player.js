/* What the player's buttons and sliders do, and the keys while the focus is among them. */

import { bar, endPreview, preview, tellSlider } from "./bar.js";
import { read, write } from "./kept.js";
import { say } from "./say.js";
import { audio, chapterAt, chapters, close, episode, play, position, seek, toggle } from "./sound.js";
import { clock } from "./times.js";

const BACK = 15; // seconds
const FORWARD = 30;
const RESTARTS = 3; // seconds into a chapter, “previous” goes to its beginning
const slider = bar.querySelector("[data-seek]");
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
  const next = chapters.find(({ start }) => start > position() + 1);
  if (next) moveTo(next.start);
}

function toPrevious() {
  const before = chapters.findLast(({ start }) => start < position() - RESTARTS);
  moveTo(before?.start ?? 0);
}

function leave() {
  const back = openedBy?.isConnected && openedBy !== document.body ? openedBy : document.getElementById("main");
  close();
  back.focus({ preventScroll: true });
  say("Player closed");
}

export const actions = {
  toggle,
  retry: play,
  back: () => moveTo(position() - BACK),
  forward: () => moveTo(position() + FORWARD),
  previous: toPrevious,
  next: toNext,
  close: leave,
};

function setSpeed(rate) {
  audio.defaultPlaybackRate = rate; // a new source begins with it
  audio.playbackRate = rate;
  speed.value = String(rate);
  if (speed.value) return;
  speed.value = "1";
  setSpeed(1);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const { key, target } = event;
  if (target === slider) tellSlider(); // the keys go on from here
  const isSlider = target === slider;
  if (target !== slider && target.matches("input, select")) return;
  if (key === " " && (isSlider || !target.matches("button, summary"))) toggle();
  else if (key === "ArrowLeft" || (isSlider && key === "ArrowDown")) actions.back();
  else if (key === "ArrowRight" || (isSlider && key === "ArrowUp")) actions.forward();
  else return;
  event.preventDefault();
}

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
audio.addEventListener("episode", () => { if (episode) openedBy ??= document.activeElement; else openedBy = null; });
audio.addEventListener("error", () => { if (episode) say("The audio can't be reached"); });
setSpeed(Number(read("speed") ?? read("audioPlayerPlaybackSpeed") ?? 1));
document.querySelector("[data-to-player]").addEventListener("click", (event) => {
  event.preventDefault();
  bar.querySelector("[data-does=toggle]").focus();
});
