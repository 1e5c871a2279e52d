/* The player's buttons, sliders and keys. */

import { passItem, toItem } from "./queue.js";
import { queuePosition } from "./queue_store.js";
import { openUpNext } from "./up_next.js";
import { bar, endPreview, preview, updateSlider } from "./player_bar.js";
import { prefer, preference } from "./preferences.js";
import { shortcut } from "./shortcuts.js";
import { announce } from "./announce.js";
import { shareActions } from "./share.js";
import { audio, chapterAt, chapters, close, episode, isPlaying, play, position, seek, toggle } from "./audio.js";
import { clock } from "./times.js";

const BACK = 15; // seconds
const FORWARD = 30;
const RESTART_AFTER = 3; // seconds into a chapter: “previous” then restarts it
const playing = bar.querySelector("[data-does=toggle]");
const slider = bar.querySelector("[data-seek]");
const volume = bar.querySelector("[data-volume] input");
const more = bar.querySelector(".more");
const speed = bar.querySelector("[data-speed]");
const skip = document.querySelector("[data-to-player]");
const PLAYS = "main :is([data-play], [data-plays-all], a[data-seconds]):focus-visible"; // pressed by keyboard
let leading = null; // from the control that was pressed last, to here
let openedBy = episode && document.activeElement; // what had the focus when the player opened

/* Announce the position, unless the slider has the focus: its new value is read out. */
function announcePosition() {
  if (document.activeElement === slider) return;
  const chapter = chapterAt();
  announce(`${clock(position())}${chapter ? `, ${chapter.title}` : ""}`);
}

function moveTo(seconds) {
  seek(seconds);
  updateSlider();
  announcePosition();
}

/* Past an item's end, to the next. */
function forward() {
  if (!passItem(position() + FORWARD)) moveTo(position() + FORWARD);
}

function toNext() {
  if (toItem(1)) return;
  const noun = queuePosition()?.noun ?? (chapters.length && "chapter");
  const next = noun === "chapter" && chapters.find(({ start }) => start > position() + 1);
  if (next) moveTo(next.start);
  else if (noun) announce(`This is the last ${noun}`);
}

function toPrevious() {
  if (toItem(-1)) return;
  const before = chapters.findLast(({ start }) => start < position() - RESTART_AFTER);
  moveTo(before?.start ?? 0);
}

/* Announced unless the button has the focus: its state is read out. */
function playOrPause() {
  toggle();
  if (document.activeElement === playing) return;
  announce(isPlaying() ? "Playing" : `Paused at ${clock(position())}`);
}

/* The button disappears with the message, so the focus moves. */
function retry() {
  playing.focus({ preventScroll: true });
  play();
}

function closePlayer() {
  const back = openedBy?.isConnected && openedBy !== document.body ? openedBy : document.getElementById("main");
  close();
  back.focus({ preventScroll: true });
  announce("Player closed");
}

/* The next stop after a press is a link to here, however long the page is. */
function leadFrom(control) {
  leading?.remove();
  leading = control ? skip.cloneNode(true) : null;
  if (!control) return;
  leading.hidden = false;
  control.after(leading);
}

export const actions = {
  toggle: playOrPause,
  retry,
  back: () => moveTo(position() - BACK),
  forward,
  previous: toPrevious,
  next: toNext,
  queue: openUpNext,
  close: closePlayer,
  ...shareActions,
};

function stepSpeed(by) {
  const option = speed.options[speed.selectedIndex + by];
  if (option) {
    setSpeed(Number(option.value));
    prefer("speed", option.value);
  }
  announce(`Speed ${speed.value}`);
}

const keys = {
  k: playOrPause,
  j: actions.back,
  l: actions.forward,
  p: actions.previous,
  n: actions.next,
  t: announcePosition,
  c: actions.link,
  "<": () => stepSpeed(-1),
  ">": () => stepSpeed(1),
};

/* The closest speed in the list. */
function setSpeed(requested) {
  const rates = Array.from(speed.options, ({ value }) => Number(value));
  const distance = (rate) => Math.abs(rate - (requested > 0 && requested <= 16 ? requested : 1));
  const rate = rates.reduce((best, each) => distance(each) < distance(best) ? each : best);
  audio.defaultPlaybackRate = rate; // a new source begins with it
  audio.playbackRate = rate;
  speed.value = String(rate);
}

/* On some systems a page can't set the volume. */
function prepareVolume() {
  const stored = Number(preference("volume") ?? 1);
  audio.volume = 0.5;
  volume.parentElement.hidden = audio.volume !== 0.5;
  audio.volume = stored >= 0 && stored <= 1 ? stored : 1;
  volume.value = audio.volume;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const { key, target } = event;
  const isSlider = target === slider;
  if (isSlider) updateSlider(); // keys move the slider from here
  else if (target.matches("input, select")) return;
  if (key === " " && (isSlider || !target.matches("button, summary"))) playOrPause();
  else if (key === "ArrowLeft" || (isSlider && key === "ArrowDown")) actions.back();
  else if (key === "ArrowRight" || (isSlider && key === "ArrowUp")) actions.forward();
  else return;
  event.preventDefault();
}

function closeMore() {
  more.open = false;
  more.querySelector("summary").focus();
}

bar.addEventListener("keydown", ({ key }) => { if (key === "Escape" && more.open) closeMore(); });
document.addEventListener("click", ({ target }) => { if (!more.contains(target)) more.open = false; });
/* A dialog that More opens gives the focus back to More, which closes. */
bar.addEventListener("click", ({ target }) => {
  if (target.closest(".more [aria-haspopup=dialog]")) closeMore();
});
bar.addEventListener("click", (event) => {
  actions[event.target.closest("[data-does]")?.dataset.does]?.();
});
bar.addEventListener("keydown", onKey);
slider.addEventListener("input", () => preview(Number(slider.value)));
slider.addEventListener("change", () => {
  seek(Number(slider.value));
  endPreview();
  updateSlider();
});
speed.addEventListener("change", () => {
  setSpeed(Number(speed.value));
  prefer("speed", speed.value);
});
volume.addEventListener("input", () => {
  audio.volume = Number(volume.value);
  prefer("volume", volume.value);
});
for (const [key, act] of Object.entries(keys)) {
  shortcut(key, () => { // while nothing plays, the browser handles the key
    if (bar.hidden) return false;
    act();
    return true;
  });
}
prepareVolume();
audio.addEventListener("episode", () => {
  if (episode) openedBy ??= document.activeElement;
  else leadFrom(openedBy = null);
});
setSpeed(Number(preference("speed") ?? 1));
document.addEventListener("click", (event) => {
  const pressed = event.target.closest(PLAYS);
  if (pressed) leadFrom(pressed);
  if (!event.target.closest("[data-to-player]")) return;
  event.preventDefault();
  playing.focus();
});
if (openedBy?.matches(PLAYS)) leadFrom(openedBy);
