/* Times set by ear: the recording plays, and a key gives the chosen topic the second that plays.

   The topics are the panel's list, each with the number of its line in the box. Without a recording
   the list stays a list. */

import { box, caretLine, line, replaceLine, select } from "./box.js";

const place = document.getElementById("ear");
const panel = document.getElementById("panel");
const audio = new Audio();
const JUMP = 5; // seconds
const BULLET = /^(\s*(?:(?:[-*+•‣◦·–—]|\d{1,3}[.)])\s+)?)/;
let chosen = 0; // its line

const topics = () => [...panel.querySelectorAll("#topic-lines > li")];
const topic = () => topics().find((each) => each.dataset.line === String(chosen));

function clock(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/* Write this time before the chosen topic's words. */
function write(seconds) {
  const item = topic();
  if (!item) return;
  const time = clock(Math.max(0, seconds));
  const before = line(chosen);
  replaceLine(chosen, item.dataset.time
    ? before.replace(item.dataset.time, time)
    : before.replace(BULLET, (bullet) => `${bullet}${time} – `));
  item.dataset.time = time; // until the panel comes anew
  item.dataset.seconds = Math.max(0, seconds);
  item.querySelector(".time").textContent = time;
}

function stamp() {
  write(Math.floor(audio.currentTime));
}

/* Move the topic's time; what plays goes along, so that one hears it. */
function nudge(by) {
  const seconds = topic()?.dataset.seconds;
  if (seconds === undefined) return;
  write(Number(seconds) + by);
  if (!audio.paused) audio.currentTime = Math.max(0, Number(seconds) + by);
}

function toggle() {
  // Refused or out of reach: the element shows it.
  if (audio.paused) audio.play().catch(() => {});
  else audio.pause();
}

function playFromTopic() {
  const seconds = topic()?.dataset.seconds;
  if (seconds === undefined) return;
  audio.currentTime = Number(seconds);
  audio.play().catch(() => {});
}

function choose(item, focus) {
  if (!item) return;
  chosen = Number(item.dataset.line);
  for (const each of topics()) {
    const is = each === item;
    each.setAttribute("aria-selected", String(is));
    each.tabIndex = is ? 0 : -1;
  }
  const list = item.parentElement;
  list.scrollTop = item.offsetTop - list.offsetTop - list.clientHeight / 3;
  if (!focus) return;
  item.focus({ preventScroll: true });
  select(chosen, { focus: false });
}

function step(by) {
  const all = topics();
  const to = all.indexOf(topic()) + by;
  choose(all[Math.min(Math.max(to, 0), all.length - 1)], true);
}

const KEYS = {
  s: stamp,
  ",": () => nudge(-1),
  ".": () => nudge(1),
  " ": toggle,
  p: playFromTopic,
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Home: () => step(-Infinity),
  End: () => step(Infinity),
  ArrowLeft: () => { audio.currentTime -= JUMP; },
  ArrowRight: () => { audio.currentTime += JUMP; },
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest("#topic-lines")) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/* `rest` is heard, but not shown where there is no room. */
function button(label, rest, key, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  const more = document.createElement("span");
  more.textContent = ` ${rest}`;
  const hint = document.createElement("kbd");
  hint.textContent = key;
  made.append(label, more, " ", hint);
  made.addEventListener("click", act);
  return made;
}

/* The panel came anew: its list can be chosen from again. */
export function equip() {
  const list = document.getElementById("topic-lines");
  if (!place || !list?.children.length) return;
  list.setAttribute("role", "listbox");
  for (const each of topics()) each.setAttribute("role", "option");
  choose(topic() ?? topics()[0], false);
}

function prepare() {
  audio.controls = true;
  audio.preload = "none";
  audio.src = place.dataset.recording;
  audio.setAttribute("aria-label", "Recording");
  const help = document.createElement("p");
  help.className = "help";
  help.textContent = "Choose a topic in the list of topics; there the keys work: arrows up and down choose, left and right jump 5 seconds.";
  place.append(
    audio, button("Set", "the time", "S", stamp), button("−1 s", "", ",", () => nudge(-1)),
    button("+1 s", "", ".", () => nudge(1)), button("Play", "from the topic", "P", playFromTopic),
    button("Next", "topic", "↓", () => step(1)), help,
  );
  panel.addEventListener("keydown", onKey);
  panel.addEventListener("click", ({ target }) => choose(target.closest("#topic-lines > li"), true));
  for (const what of ["click", "keyup"]) {
    box.addEventListener(what, () => {
      const there = String(caretLine());
      choose(topics().find((each) => each.dataset.line === there), false);
    });
  }
}

if (place) prepare();
