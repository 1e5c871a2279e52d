/* A page's play controls: ▶ or ❚❚, pressed or not, and the row that sounds is marked. Without this
   module times are plain links. */

import { isOfPage, lineAt, mainButton, mark } from "./topic_lines.js";
import { FEWEST, positionIn } from "./positions.js";
import { announce } from "./announce.js";
import { audio, chapters, clip, episode, isPart, isPlaying, list, position, SEEK_TOLERANCE, start, toggle } from "./audio.js";
import { clock } from "./times.js";
import { episodeOf, itemOf, MOMENTS } from "./play_items.js";
import "./player_state.js";

const PARTS = `${MOMENTS}, #up-next [data-at], [data-end]`; // they play a part of their episode
let drawn = ""; // the state that the page shows

function endOf({ at, until, end }) {
  return Number(end ?? until) || (chapters.find(({ start }) => start > at)?.start ?? Infinity);
}

/* Seconds of the moment that sounds, among those with a control in the page. */
function soundingMoment() {
  const now = position() + SEEK_TOLERANCE;
  const own = document.querySelectorAll(`[data-play="${CSS.escape(episode?.page ?? "")}"][data-at]`);
  const sounding = Array.from(own, ({ dataset }) => dataset).filter((each) => each.at <= now && now < endOf(each));
  return Math.max(...sounding.map(({ at }) => Number(at)));
}

/* Of the page's clip: what plays is that clip, not only a part of its episode. */
function isClip({ dataset }) {
  return Number(dataset.at) === clip?.at && Number(dataset.end) === clip.end;
}

function isPagesClip(control) {
  return "end" in control.dataset && control === mainButton();
}

function isCurrent(control, moment = soundingMoment()) {
  const { play, at } = control.dataset;
  if (play !== episode?.page) return false;
  if (isPagesClip(control)) return isClip(control);
  // An answer of it that waits isn't the episode, which has a place of its own.
  return at === undefined ? isPlaying() || !isPart() : Number(at) === moment;
}

function startFrom(seconds) {
  return seconds >= FEWEST ? `Continue at ${clock(seconds)}` : "Play";
}

/* Only if it changes: a screen reader might read it again. */
function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function drawLabel(control, isSounding) {
  const label = control.querySelector(":scope > span:not(.visually-hidden)");
  if (!label || ("ifStarted" in control.dataset && "at" in control.dataset)) return; // “From the start”
  control.dataset.label ??= label.textContent;
  let text = control.dataset.label;
  if (isSounding && isPlaying()) text = "Pause";
  else if (isSounding && isPagesClip(control)) text = `Continue clip at ${clock(position())}`;
  else if (isSounding) text = startFrom(audio.ended ? 0 : position());
  else if ("resumes" in control.dataset) text = startFrom(positionIn(episodeOf(control)));
  setText(label, text);
}

/* What a control plays in a list; a button below a card belongs to the card. */
function rowOf(control) {
  const { previousElementSibling: card } = control.closest(".listen") ?? control;
  return control.closest("li, .card") ?? (card?.matches(".card") ? card : null);
}

function markRows(rows) {
  for (const row of document.querySelectorAll("[data-sounds]")) {
    if (rows.has(row)) continue;
    delete row.dataset.sounds;
    if (!row.querySelector("a[data-seconds]")) row.removeAttribute("aria-current");
  }
  for (const row of rows) {
    setAttribute(row, "data-sounds", isPlaying() ? "playing" : "paused");
    if (!row.querySelector("a[data-seconds]")) setAttribute(row, "aria-current", true); // follow_along.js marks lines
  }
}

/* While the page's clip is in the player it can be started anew; else its episode goes on where it was left. */
function drawClip() {
  const anew = document.querySelector("main [data-replays]");
  if (!anew) return;
  anew.hidden = !isCurrent(mainButton());
  anew.previousElementSibling.hidden = !anew.hidden || !positionIn(episodeOf(mainButton()));
}

/* Draw every control of the page. */
export function drawControls() {
  const moment = soundingMoment();
  const rows = new Set(isOfPage() ? [lineAt(position())?.item].filter(Boolean) : []);
  for (const control of document.querySelectorAll("[data-play]")) {
    const isSounding = isCurrent(control, moment);
    setAttribute(control, "aria-pressed", isSounding && isPlaying());
    drawLabel(control, isSounding);
    const row = isSounding && rowOf(control);
    if (row) rows.add(row);
  }
  drawClip();
  for (const each of document.querySelectorAll("[data-plays-all]")) {
    const isOn = list === each.dataset.playsAll;
    setAttribute(each, "aria-pressed", isOn && isPlaying());
    const label = each.querySelector("span");
    each.dataset.label ??= label.textContent;
    setText(label, !isOn ? each.dataset.label : isPlaying() ? "Pause" : "Continue");
  }
  markRows(rows);
}

/* At most once a second: nothing changes in between. */
function drawTime() {
  const now = `${episode?.page} ${Math.floor(position() + SEEK_TOLERANCE)} ${chapters.length}`;
  if (now === drawn) return;
  drawn = now;
  drawControls();
}

/* The player's bar, keys and queue. The audio plays without them. */
export async function loadPlayer() {
  try {
    return await import("./whole_player.js");
  } catch {
    announce("The player can't be loaded");
    return {};
  }
}

/* Of the moment in the page's address: from now on its button goes on with the episode. A clip stays. */
function forgetMoment(button) {
  if (button !== mainButton() || !("at" in button.dataset) || "end" in button.dataset) return;
  delete button.dataset.at;
  button.dataset.resumes = "";
  for (const other of document.querySelectorAll("main .listen [data-resumes][data-if-started]")) other.hidden = true;
}

function pressControl(button, isAnew = false) {
  const of = episodeOf(button);
  if (isPagesClip(button)) { // its words come and go, and nothing moves
    const { width, height } = button.getBoundingClientRect();
    Object.assign(button.style, { minWidth: `min(${width}px, 100%)`, minHeight: `${height}px` });
  }
  if (!isAnew && isCurrent(button)) {
    Object.assign(episode, of); // it may have been edited since
    toggle();
  } else {
    const at = "at" in button.dataset ? Number(button.dataset.at) : positionIn(of);
    start(of, at, button.matches(PARTS) ? itemOf(button) : null);
    announce(`Playing ${at ? `from ${clock(at)}` : of.title}`);
  }
  const { at, end } = button.dataset;
  if (end && isPlaying()) import("./clip.js").then(({ playsClip }) => playsClip(Number(at), Number(end)));
  forgetMoment(button);
  drawControls();
}

/* The parts of the page whose moments a button plays: its section, or all. */
function partsOf(button) {
  const named = button.dataset.sections?.split(" ").map((id) => document.getElementById(id)).filter(Boolean) ?? [button];
  return named.map((each) => each.closest("section") ?? document.querySelector("main"));
}

function playAll(button) {
  if (list === button.dataset.playsAll) {
    toggle();
    return;
  }
  const parts = partsOf(button);
  const first = itemOf(parts.map((part) => part.querySelector(MOMENTS)).find(Boolean));
  start(first.episode, first.at, first); // within the press, or the browser would block it
  const { noun = "moment", total } = button.dataset;
  announce(total ? `Playing ${total} ${noun}${total === "1" ? "" : "s"}` : `Playing all ${noun}s`);
  loadPlayer().then(({ playList }) => playList?.(parts, button.dataset));
}

/* A line of the page: its time, its mark in the timeline, its words. */
function pressLine(seconds) {
  if (isOfPage() && lineAt(position()) === lineAt(seconds)) {
    toggle();
    announce(isPlaying() ? "Playing" : `Paused at ${clock(position())}`); // a link has no state
    return;
  }
  history.replaceState(history.state, "", `?t=${seconds}`);
  mark(lineAt(seconds));
  forgetMoment(mainButton());
  start(episodeOf(mainButton()), seconds);
  announce(`Playing from ${clock(seconds)}`);
}

/* The time that a click is on, or whose words it is on. Selecting words doesn't play them. */
function lineOf(target) {
  const time = target.closest("a[data-seconds]");
  if (time || target.closest("a, button, .transcript") || !getSelection().isCollapsed) return time;
  return target.closest("main .topics > li > [dir]")?.parentElement.querySelector("a[data-seconds]");
}

function onClick(event) {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const button = event.target.closest("[data-play]");
  if (button) pressControl(button);
  if (event.target.closest("[data-replays]")) pressControl(mainButton(), true);
  const all = event.target.closest("[data-plays-all]");
  if (all) playAll(all);
  const line = mainButton() && lineOf(event.target);
  if (!line) return;
  event.preventDefault();
  pressLine(Number(line.dataset.seconds));
}

function prepare() {
  for (const all of document.querySelectorAll("[data-plays-all]")) all.hidden = !partsOf(all).some((part) => part.querySelector(MOMENTS));
  for (const button of document.querySelectorAll("[data-play][data-if-started]")) {
    button.hidden = !positionIn(episodeOf(button));
  }
  drawControls();
}

document.addEventListener("click", onClick);
document.addEventListener("page:shown", prepare);
document.addEventListener("controls:added", drawControls);
for (const event of ["play", "pause", "error", "episode", "chapters", "list", "sought", "ended", "clip"]) audio.addEventListener(event, drawControls);
audio.addEventListener("timeupdate", drawTime);
audio.addEventListener("episode", () => { if (episode) loadPlayer(); });
if (episode) loadPlayer(); // as it was left
prepare();
