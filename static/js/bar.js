/* What the player's bar shows: where we are in what, and how it goes on.

   All of it changes silently. The slider is told of the time that passes only while it isn't
   focused, or a screen reader would read out every second of it. */

import { answer } from "./answers.js";
import { audio, chapterAt, chapters, episode, isPlaying, length, position } from "./sound.js";
import { clock, spoken } from "./times.js";

export const bar = document.getElementById("player");
const slider = bar.querySelector("[data-seek]");
const track = bar.querySelector(".track");
const marks = bar.querySelector(".chapter-ticks");
const skip = document.querySelector("[data-to-player]");
let isDragged = false;

function show(name, text) {
  const element = bar.querySelector(`[data-shows="${name}"]`);
  if (element.textContent !== text) element.textContent = text;
  return element;
}

function percent(seconds) {
  return `${length() ? Math.min(100, (100 * seconds) / length()) : 0}%`;
}

function left() {
  if (isPlaying() && audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return "Loading…";
  if (!length()) return "";
  const seconds = Math.max(0, length() - position()) / audio.playbackRate;
  return `${clock(seconds)} left`;
}

/* The slider's value, and how it is read out. */
export function tellSlider(seconds = position()) {
  slider.value = Math.floor(seconds);
  const chapter = chapterAt(seconds)?.title;
  const whole = length() ? ` of ${spoken(length())}` : "";
  slider.setAttribute("aria-valuetext", `${spoken(seconds)}${whole}${chapter ? `, ${chapter}` : ""}`);
}

/* Where a drag has got to: it is heard when let go. */
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
  show("left", left());
  track.style.setProperty("--played", percent(seconds));
  if (document.activeElement !== slider) tellSlider(seconds);
  drawChapter(chapterAt(seconds));
}

function drawChapter(chapter) {
  if (document.activeElement?.dataset.shows === "chapter") return; // a new name would be read out
  const link = show("chapter", chapter?.title ?? "");
  link.hidden = !chapter;
  link.href = chapter ? `${episode.page}?t=${chapter.start}` : episode.page;
}

function drawMarks() {
  const max = String(Math.ceil(length()));
  if (slider.max !== max) slider.max = max;
  slider.disabled = !length();
  marks.replaceChildren(...chapters.filter(({ start }) => start && start < length()).map(({ start }) => {
    const each = document.createElement("i");
    each.style.left = percent(start);
    return each;
  }));
  const playing = answer();
  show("answer", playing ? `Answer ${playing.number} of ${playing.of}` : "").hidden = !playing;
  for (const [name, label] of [["previous", "Previous"], ["next", "Next"]]) {
    const button = bar.querySelector(`[data-does="${name}"]`);
    button.hidden = !playing && !chapters.length;
    button.setAttribute("aria-label", `${label} ${playing ? "answer" : "chapter"}`);
  }
  drawTime();
}

function drawState() {
  drawTime();
  bar.querySelector("[data-does=toggle]").setAttribute("aria-pressed", isPlaying());
  bar.querySelector(".failed").hidden = !audio.error || !episode;
  if (!audio.error) return;
  const why = navigator.onLine ? "" : " You seem to be offline.";
  show("failure", `The audio of this episode can't be reached.${why}`);
}

/* Nothing scrolls, unless the bar covers what has the focus. */
function uncover() {
  const focused = document.activeElement;
  if (bar.contains(focused) || focused === document.body) return;
  const { top, bottom } = focused.getBoundingClientRect();
  const edge = bar.getBoundingClientRect().top;
  const isInView = top < innerHeight && bottom - top < edge;
  if (isInView && bottom > edge) focused.scrollIntoView({ block: "nearest", behavior: "instant" });
}

function drawEpisode() {
  bar.hidden = !episode;
  if (skip) skip.hidden = !episode;
  if (episode) {
    show("title", episode.title).href = episode.page;
    show("download", "Download the audio").href = episode.audio;
    const transcript = show("transcript", "Transcript");
    transcript.hidden = !episode.captions;
    transcript.href = `${episode.page}/transcript`;
    drawMarks();
  }
  drawState();
  makeRoom();
}

/* The page scrolls so that nothing focused lies beneath the bar; see scroll-padding in site.css. */
function makeRoom() {
  document.documentElement.style.setProperty("--player", `${bar.offsetHeight}px`);
  if (episode) uncover();
}

for (const event of ["timeupdate", "seeked", "ratechange", "waiting", "canplay"]) audio.addEventListener(event, drawTime);
for (const event of ["durationchange", "chapters"]) audio.addEventListener(event, drawMarks);
for (const event of ["play", "pause", "playing", "error", "emptied"]) audio.addEventListener(event, drawState);
audio.addEventListener("episode", drawEpisode);
bar.addEventListener("focusout", () => setTimeout(drawTime));
new ResizeObserver(makeRoom).observe(bar);
