/* Marks what is said in the page that is about it: an episode's topic, a transcript's passage. A
   transcript moves along with it, until the reader goes elsewhere in it or switches that off. */

import { read, write } from "./storage.js";
import { audio, EARLY, episode, position } from "./sound.js";

const KEPT = "follow";
const SCROLLS = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " ", "Tab"];
const bar = document.getElementById("player");
let lines = []; // { seconds, item } of the page shown, by time
let isElsewhere = false; // the reader, by their own hand

/* The button of the episode that the page is about, if it is about one that can be heard. */
export function main() {
  return document.querySelector("main .listen [data-play]");
}

/* The line said at these seconds, undefined before the first. */
export function lineAt(seconds) {
  return lines.findLast((line) => line.seconds <= seconds + EARLY);
}

/* Mark this line, or none. */
export function mark(line) {
  for (const each of document.querySelectorAll(":is(.topics, .timeline) [aria-current]")) each.removeAttribute("aria-current");
  document.querySelector(".timeline .now")?.remove();
  if (!line) return;
  line.item.setAttribute("aria-current", "true");
  document.querySelector(`.timeline [data-seconds="${line.seconds}"]`)?.setAttribute("aria-current", "true");
}

function follows() {
  return read(KEPT) !== "off";
}

function strip() {
  return document.querySelector("main .follow");
}

function isInView(item) {
  const { top, bottom } = item.getBoundingClientRect();
  const covered = parseFloat(getComputedStyle(document.documentElement).scrollPaddingBlockEnd);
  return top >= 0 && bottom <= innerHeight - covered;
}

function show(line) {
  if (line && !isInView(line.item)) line.item.scrollIntoView(); // smoothly, unless motion is unwanted
}

function isOfPage() {
  return Boolean(episode && lines.length) && episode.page === main()?.dataset.play;
}

function draw() {
  if (!isOfPage()) return;
  const line = lineAt(position());
  if (line?.item.hasAttribute("aria-current")) return;
  mark(line);
  if (strip() && follows() && !isElsewhere && getSelection().isCollapsed) show(line);
}

function drawStrip() {
  if (!strip()) return;
  strip().hidden = !isOfPage();
  strip().querySelector("input").checked = follows();
  strip().querySelector("button").hidden = !follows() || !isElsewhere;
}

function setElsewhere(is) {
  isElsewhere = is;
  drawStrip();
}

/* Back to what is said. The button that asked for it goes away. */
function join() {
  setElsewhere(false);
  show(lineAt(position()));
}

function onHand(event) {
  if (event.ctrlKey || strip()?.hidden !== false) return;
  if (event.type !== "wheel" && bar.contains(event.target)) return; // wheels turn the page from there as well
  if (event.type === "keydown" && (!SCROLLS.includes(event.key) || strip().contains(event.target))) return;
  if (event.type === "pointerdown" && event.target !== document.documentElement) return; // a scroll bar is the page's
  setElsewhere(true);
}

function onClick({ target }) {
  if (target.closest("main :is([data-play], a[data-seconds])")) setElsewhere(false);
  if (strip() && target.closest("main [data-play]")) mark(); // to be marked and shown anew, from where the button is
  if (!target.closest(".follow button")) return;
  strip().querySelector("input").focus({ preventScroll: true });
  join();
}

function onChange({ target }) {
  if (!target.matches(".follow input")) return;
  write(KEPT, target.checked ? "on" : "off");
  join();
}

/* What the address asks for counts as the reader's own choice. */
function prepare() {
  lines = Array.from(document.querySelectorAll("main .topics > li[id^='t-']"), (item) => (
    { seconds: Number(item.id.slice(2)), item }));
  setElsewhere(Boolean(location.hash || document.querySelector(".topics [aria-current]")));
  if (!isElsewhere) draw();
}

for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  document.addEventListener(event, onHand, { passive: true });
}
document.addEventListener("click", onClick);
document.addEventListener("change", onChange);
document.addEventListener("page:shown", prepare);
window.addEventListener("hashchange", () => setElsewhere(true));
audio.addEventListener("episode", drawStrip);
audio.addEventListener("timeupdate", draw);
prepare();
