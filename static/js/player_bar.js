/* The player bar: title, chapter, position, state. It changes silently: the slider's value
   stays the same while it has the focus, or a screen reader would read out every second. */

import { queuePosition, upNext } from "./queue_store.js";
import { audio, chapterAt, chapters, clip, episode, isPlaying, isTouched, length, position } from "./audio.js";
import { mainButton } from "./topic_lines.js";
import { clock, spoken } from "./times.js";

export const bar = document.getElementById("player");
const slider = bar.querySelector("[data-seek]");
const cover = bar.querySelector(".cover");
const track = bar.querySelector(".track");
const ticks = bar.querySelector(".chapter-ticks");
const skip = document.querySelector("[data-to-player]");
let isDragged = false;
let trying = ""; // why the audio is tried again, in words

function show(name, text) {
  const element = bar.querySelector(`[data-shows="${name}"]`);
  if (element.textContent !== text) element.textContent = text;
  return element;
}

function percent(seconds) {
  return `${length() ? Math.min(100, (100 * seconds) / length()) : 0}%`;
}

function remaining() {
  if (isPlaying() && audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return "Loading…";
  const end = clip?.end ?? length();
  if (!end) return "";
  const seconds = Math.max(0, end - position()) / audio.playbackRate;
  return `${clock(seconds)} left`;
}

/* Set the slider's value and its text for screen readers. */
export function updateSlider(seconds = position()) {
  slider.value = Math.floor(seconds);
  const chapter = chapterAt(seconds)?.title;
  const total = length() ? ` of ${spoken(length())}` : "";
  slider.setAttribute("aria-valuetext", `${spoken(seconds)}${total}${chapter ? `, ${chapter}` : ""}`);
}

/* The position while the slider is dragged; the audio seeks on release. */
export function preview(seconds) {
  isDragged = true;
  show("position", clock(seconds));
  track.style.setProperty("--played", percent(seconds));
}

export function endPreview() {
  isDragged = false;
  drawTime();
}

function drawTime() {
  if (!episode || isDragged) return;
  const seconds = position();
  show("position", clock(seconds));
  show("left", remaining());
  track.style.setProperty("--played", percent(seconds));
  if (document.activeElement !== slider) updateSlider(seconds);
  drawChapter(chapterAt(seconds));
}

function drawChapter(chapter) {
  if (document.activeElement?.dataset.shows === "chapter") return; // a new name would be read out
  const link = show("chapter", chapter?.title ?? "");
  link.hidden = !chapter;
  link.href = chapter ? `${episode.page}?t=${chapter.start}` : episode.page;
}

function drawChapters() {
  const max = String(Math.ceil(length()));
  if (slider.max !== max) slider.max = max;
  slider.disabled = !length();
  ticks.replaceChildren(...chapters.filter(({ start }) => start && start < length()).map(({ start }) => {
    const each = document.createElement("i");
    each.style.left = percent(start);
    return each;
  }));
  drawQueue();
  for (const [name, label] of [["previous", "Previous"], ["next", "Next"]]) {
    const button = bar.querySelector(`[data-does="${name}"]`);
    const noun = queuePosition()?.noun;
    button.hidden = !noun && !chapters.length;
    button.setAttribute("aria-label", `${label} ${noun ?? "chapter"}`);
  }
  drawTime();
}

/* “Answer 3 of 106”, or how much was added. */
function drawQueue() {
  const playing = queuePosition();
  const { waiting } = upNext();
  show("answer", playing?.place ?? `Up next: ${waiting}`).hidden = !playing && !waiting;
}

function drawState() {
  drawTime();
  bar.querySelector("[data-does=toggle]").setAttribute("aria-pressed", isPlaying());
  bar.querySelector(".failed").hidden = !episode || !(audio.error || trying);
  const why = navigator.onLine ? "" : " You seem to be offline.";
  if (trying) show("failure", trying);
  else if (audio.error) show("failure", `The audio of this episode can't be reached.${why}`);
}

/* Words while it is tried again, else none. */
export function drawFailure(words) {
  trying = words;
  drawState();
}

/* Scroll only if the bar covers the focused element. */
function uncover() {
  const focused = document.activeElement;
  if (bar.contains(focused) || focused === document.body) return;
  const { top, bottom } = focused.getBoundingClientRect();
  const edge = bar.getBoundingClientRect().top;
  const isInView = top < innerHeight && bottom - top < edge;
  if (isInView && bottom > edge) focused.scrollIntoView({ block: "nearest", behavior: "instant" });
}

/* The moment of an opened link is the one to play, not what was left at the last visit. A reload goes on. */
function givesWay() {
  const { type } = performance.getEntriesByType("navigation")[0] ?? {};
  return !isTouched && type === "navigate" && "at" in (mainButton()?.dataset ?? {});
}

function drawEpisode() {
  bar.hidden = !episode || givesWay();
  if (skip) skip.hidden = bar.hidden;
  if (episode) {
    const artwork = episode.artwork || bar.dataset.artwork;
    if (cover.getAttribute("src") !== artwork) cover.src = artwork;
    show("title", episode.title).href = episode.page;
    show("download", "Download the audio").href = episode.audio;
    const transcript = show("transcript", "Transcript");
    transcript.hidden = !episode.captions;
    transcript.href = `${episode.page}/transcript`;
    drawChapters();
  }
  drawState();
  reserveSpace();
}

/* --player is the bar's height; see scroll-padding in site.css. */
function reserveSpace() {
  document.documentElement.style.setProperty("--player", `${bar.offsetHeight}px`);
  if (episode) uncover();
}

for (const event of ["timeupdate", "seeked", "ratechange", "waiting", "canplay", "clip"]) audio.addEventListener(event, drawTime);
for (const event of ["durationchange", "chapters", "queue"]) audio.addEventListener(event, drawChapters);
for (const event of ["play", "pause", "playing", "error", "emptied"]) audio.addEventListener(event, drawState);
for (const event of ["episode", "play"]) audio.addEventListener(event, drawEpisode);
for (const event of ["page:shown", "controls:added"]) document.addEventListener(event, drawEpisode);
bar.addEventListener("focusout", () => setTimeout(drawTime));
new ResizeObserver(reserveSpace).observe(bar);
drawEpisode(); // it may play already
