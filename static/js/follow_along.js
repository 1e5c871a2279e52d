/* Marks the topic or transcript passage that plays. A transcript scrolls along until the reader
   scrolls away or switches that off. */

import { isOfPage, lineAt, mainButton, mark } from "./topic_lines.js";
import { prefer, preference } from "./preferences.js";
import { audio, isPlaying, position } from "./audio.js";

const SCROLL_KEYS = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " ", "Tab"];
const bar = document.getElementById("player");
let isScrolledAway = false; // by the reader

function follows() {
  return preference("follow") !== "off";
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

/* While paused, the moment that the page offers stays marked. */
function draw() {
  if (!isOfPage() || (!isPlaying() && "at" in mainButton().dataset)) return;
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

/* The listener pressed play: mark the passage and show it again, from where the button is. */
function begin() {
  setScrolledAway(false);
  if (controls() && document.activeElement?.matches("main [data-play]")) mark();
  draw();
}

function onClick({ target }) {
  if (target.closest("main :is([data-play], a[data-seconds])")) begin();
  if (!target.closest(".follow button")) return;
  controls().querySelector("input").focus({ preventScroll: true });
  resume();
}

function onChange({ target }) {
  if (!target.matches(".follow input")) return;
  prefer("follow", target.checked ? "on" : "off");
  resume();
}

/* A moment in the URL counts as scrolling away. */
function prepare() {
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
if (isPlaying()) begin(); // the press that loaded this module
else prepare();
