/* Sets topics' times while the recording plays: a key writes the current second to the selected topic.

   The panel's list has the topics, each with its line number in the box. Without a recording nothing
   in the list can be selected. */

import { box, caretLine, line, replaceLine, select } from "./box.js";

const player = document.getElementById("timestamps");
const panel = document.getElementById("panel");
const audio = new Audio();
const JUMP = 5; // seconds
const BULLET = /^(\s*(?:(?:[-*+•‣◦·–—]|\d{1,3}[.)])\s+)?)/;
let selectedLine = 0;

const topics = () => [...panel.querySelectorAll("#topic-lines > li")];
const selectedTopic = () => topics().find((each) => each.dataset.line === String(selectedLine));

function clock(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/* Write this time to the selected topic's line. */
function write(seconds) {
  const item = selectedTopic();
  if (!item) return;
  const time = clock(Math.max(0, seconds));
  const before = line(selectedLine);
  replaceLine(selectedLine, item.dataset.time
    ? before.replace(item.dataset.time, time)
    : before.replace(BULLET, (bullet) => `${bullet}${time} – `));
  item.dataset.time = time; // until the server's next answer
  item.dataset.seconds = Math.max(0, seconds);
  item.querySelector(".time").textContent = time;
}

function setTime() {
  write(Math.floor(audio.currentTime));
}

/* Shift the topic's time; a playing recording follows, so that the host hears it. */
function nudge(by) {
  const seconds = selectedTopic()?.dataset.seconds;
  if (seconds === undefined) return;
  write(Number(seconds) + by);
  if (!audio.paused) audio.currentTime = Math.max(0, Number(seconds) + by);
}

function toggle() {
  // The audio element shows why it can't play.
  if (audio.paused) audio.play().catch(() => {});
  else audio.pause();
}

function playFromTopic() {
  const seconds = selectedTopic()?.dataset.seconds;
  if (seconds === undefined) return;
  audio.currentTime = Number(seconds);
  audio.play().catch(() => {});
}

function selectTopic(item, focus) {
  if (!item) return;
  selectedLine = Number(item.dataset.line);
  for (const each of topics()) {
    each.setAttribute("aria-selected", String(each === item));
    each.tabIndex = each === item ? 0 : -1;
  }
  const list = item.parentElement;
  list.scrollTop = item.offsetTop - list.offsetTop - list.clientHeight / 3;
  if (!focus) return;
  item.focus({ preventScroll: true });
  select(selectedLine, { focus: false });
}

function step(by) {
  const all = topics();
  const index = all.indexOf(selectedTopic()) + by;
  selectTopic(all[Math.min(Math.max(index, 0), all.length - 1)], true);
}

const KEYS = {
  s: setTime,
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

/* Small screens hide `rest`; screen readers still read it. */
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

/* Let topics be selected, again after each answer of the server. */
export function makeSelectable() {
  const list = document.getElementById("topic-lines");
  if (!player || !list?.children.length) return;
  list.setAttribute("role", "listbox");
  for (const each of topics()) each.setAttribute("role", "option");
  selectTopic(selectedTopic() ?? topics()[0], false);
}

function prepare() {
  audio.controls = true;
  audio.preload = "none";
  audio.src = player.dataset.recording;
  audio.setAttribute("aria-label", "Recording");
  const help = document.createElement("p");
  help.className = "help";
  help.textContent = "Select a topic in the list of topics to use the keys. Arrows up and down select another topic; left and right jump 5 seconds.";
  player.append(
    audio, button("Set", "the time", "S", setTime), button("−1 s", "", ",", () => nudge(-1)),
    button("+1 s", "", ".", () => nudge(1)), button("Play", "from the topic", "P", playFromTopic),
    button("Next", "topic", "↓", () => step(1)), help,
  );
  panel.addEventListener("keydown", onKey);
  panel.addEventListener("click", ({ target }) => selectTopic(target.closest("#topic-lines > li"), true));
  for (const name of ["click", "keyup"]) {
    box.addEventListener(name, () => {
      const current = String(caretLine());
      selectTopic(topics().find((each) => each.dataset.line === current), false);
    });
  }
}

if (player) prepare();
