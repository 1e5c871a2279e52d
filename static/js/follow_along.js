/* Marks the topic or transcript passage that plays. A transcript scrolls along until the reader
   scrolls away or switches that off. */

import { read, write } from "./storage.js";
import { audio, episode, position, SEEK_TOLERANCE } from "./audio.js";

const STORAGE_KEY = "follow";
const SCROLL_KEYS = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " ", "Tab"];
const bar = document.getElementById("player");
let lines = []; // { seconds, item } of the page shown, by time
let isScrolledAway = false; // by the reader

/* The play button of the page's episode, if it has audio. */
export function mainButton() {
  return document.querySelector("main .listen [data-play]");
}

/* The line at these seconds, undefined before the first. */
export function lineAt(seconds) {
  return lines.findLast((line) => line.seconds <= seconds + SEEK_TOLERANCE);
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
  return read(STORAGE_KEY) !== "off";
}

function controls() {
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
  return Boolean(episode && lines.length) && episode.page === mainButton()?.dataset.play;
}

function draw() {
  if (!isOfPage()) return;
  const line = lineAt(position());
  if (line?.item.hasAttribute("aria-current")) return;
  mark(line);
  if (controls() && follows() && !isScrolledAway && getSelection().isCollapsed) show(line);
}

function drawControls() {
  if (!controls()) return;
  controls().hidden = !isOfPage();
  controls().querySelector("input").checked = follows();
  controls().querySelector("button").hidden = !follows() || !isScrolledAway;
}

function setScrolledAway(value) {
  isScrolledAway = value;
  drawControls();
}

/* Scroll back to what plays. */
function resume() {
  setScrolledAway(false);
  show(lineAt(position()));
}

function onScroll(event) {
  if (event.ctrlKey || controls()?.hidden !== false) return;
  if (event.type !== "wheel" && bar.contains(event.target)) return; // a wheel scrolls the page from there, too
  if (event.type === "keydown" && (!SCROLL_KEYS.includes(event.key) || controls().contains(event.target))) return;
  if (event.type === "pointerdown" && event.target !== document.documentElement) return; // except the scroll bar
  setScrolledAway(true);
}

function onClick({ target }) {
  if (target.closest("main :is([data-play], a[data-seconds])")) setScrolledAway(false);
  if (controls() && target.closest("main [data-play]")) mark(); // mark and show it again, from where the button is
  if (!target.closest(".follow button")) return;
  controls().querySelector("input").focus({ preventScroll: true });
  resume();
}

function onChange({ target }) {
  if (!target.matches(".follow input")) return;
  write(STORAGE_KEY, target.checked ? "on" : "off");
  resume();
}

/* A moment in the URL counts as scrolling away. */
function prepare() {
  lines = Array.from(document.querySelectorAll("main .topics > li[id^='t-']"), (item) => (
    { seconds: Number(item.id.slice(2)), item }));
  setScrolledAway(Boolean(location.hash || document.querySelector(".topics [aria-current]")));
  if (!isScrolledAway) draw();
}

for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  document.addEventListener(event, onScroll, { passive: true });
}
document.addEventListener("click", onClick);
document.addEventListener("change", onChange);
document.addEventListener("page:shown", prepare);
window.addEventListener("hashchange", () => setScrolledAway(true));
audio.addEventListener("episode", drawControls);
audio.addEventListener("timeupdate", draw);
prepare();
