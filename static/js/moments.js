/* A page's play buttons, and the times of its episode. Without this module times are plain links. */

import { playQueue } from "./queue.js";
import { positionIn } from "./positions.js";
import { lineAt, mainButton, mark } from "./follow_along.js";
import { announce } from "./announce.js";
import { start } from "./audio.js";
import { clock } from "./times.js";

const OLD_FRAGMENT = /^#(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)$/;
const FRAGMENT = /^#t[-=]?(\d{1,6}(?:,\d{1,6})?)$/;
const SPAN = /^(\d{1,6})(?:,(\d{1,6}))?$/;

/* Seconds of `#25:26` or `#1:02:03` in old links, and of `#t-1526`. */
function secondsOf(fragment) {
  const span = FRAGMENT.exec(fragment)?.[1];
  if (span) return parseInt(span, 10);
  const match = OLD_FRAGMENT.exec(fragment);
  if (!match) return null;
  const [hours, minutes, rest] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + rest;
}

/* The episode of a play button; see audio.js. */
export function episodeOf(button) {
  const { audio, play: page, title, number, length, captions, artwork } = button.dataset;
  return { audio, page, title, number, length: Number(length) || 0, captions, artwork };
}

function playButton(button) {
  const of = episodeOf(button);
  const at = "at" in button.dataset ? Number(button.dataset.at) : positionIn(of);
  start(of, at);
  if (button.dataset.end) import("./clip.js").then(({ endClipAt }) => endClipAt(Number(button.dataset.end)));
  announce(`Playing ${at ? `from ${clock(at)}` : of.title}`);
}

function playAll() {
  const items = Array.from(document.querySelectorAll("main .moment [data-play]"), (button) => (
    { episode: episodeOf(button), at: Number(button.dataset.at), until: Number(button.dataset.until) || Infinity }));
  playQueue(items);
  announce(`Playing ${items.length} answers`);
}

function playTime(link) {
  const seconds = Number(link.dataset.seconds);
  history.replaceState(history.state, "", `?t=${seconds}`);
  mark(lineAt(seconds));
  start(episodeOf(mainButton()), seconds);
  announce(`Playing from ${clock(seconds)}`);
}

function onClick(event) {
  const button = event.target.closest("[data-play]");
  if (button) playButton(button);
  if (event.target.closest("[data-plays-all]")) playAll();
  const link = event.target.closest("a[data-seconds]");
  if (!link || !mainButton() || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  playTime(link);
}

/* Start and end of `?t=`, or of `#t=`. A file of a frozen copy was rendered without them. */
function spanOfAddress() {
  const given = FRAGMENT.exec(location.hash)?.[1] ?? new URLSearchParams(location.search).get("t");
  const [, at, end] = SPAN.exec(given ?? "") ?? [];
  return at ? [Number(at), Number(end) > at ? Number(end) : null] : [null, null];
}

/* The button plays from these seconds, and the second one continues, as for `?t=`. */
function offer(seconds, line, end) {
  const words = line && !isTranscript() ? `: ${line.item.querySelector("[dir]").textContent.trim()}` : "";
  const [button, other] = document.querySelectorAll("main .listen [data-play]");
  button.dataset.at = seconds;
  delete button.dataset.end;
  if (end) button.dataset.end = end;
  other.dataset.resumes = "";
  delete button.dataset.resumes;
  delete other.dataset.at;
  button.querySelector(".visually-hidden")?.remove();
  button.querySelector("span").textContent = `Play ${end ? `${clock(seconds)} to ${clock(end)}` : `from ${clock(seconds)}`}${words}`;
  mark(line);
}

function isTranscript() {
  return document.querySelector("main .transcript") !== null;
}

/* The browser scrolls to the topic; its play button is at the top. */
function showTop() {
  scrollTo({ top: 0, behavior: "instant" });
}

function offerFragment() {
  if (!mainButton()) return;
  const isMoment = "at" in mainButton().dataset;
  const [at, end] = spanOfAddress();
  const fragment = secondsOf(location.hash);
  const seconds = fragment ?? (isMoment ? null : at);
  if (seconds !== null) offer(seconds, lineAt(seconds), seconds === at ? end : null);
}

/* Scroll to the passage that the URL points at, or else to the button that plays it. */
function scrollToMoment() {
  if (isTranscript()) {
    document.querySelector(".topics [aria-current]")?.scrollIntoView({ behavior: "instant" });
  } else if (secondsOf(location.hash) !== null && mainButton()) {
    showTop();
    if (document.readyState !== "complete") addEventListener("load", () => setTimeout(showTop), { once: true });
  }
}

function followFragment() {
  prepare();
  scrollToMoment();
}

function prepare() {
  offerFragment();
  const all = document.querySelector("[data-plays-all]");
  if (all) all.hidden = !document.querySelector("main .moment [data-play]");
  for (const button of document.querySelectorAll("[data-play][data-resumes]")) {
    const at = positionIn(episodeOf(button));
    if (at) button.querySelector("span").textContent = `Continue at ${clock(at)}`;
    if ("ifStarted" in button.dataset) button.hidden = !at;
  }
  for (const button of document.querySelectorAll("[data-play][data-at='0'][data-if-started]")) {
    button.hidden = !positionIn(episodeOf(button));
  }
}

document.addEventListener("click", onClick);
document.addEventListener("page:shown", ({ detail: isBack }) => {
  prepare();
  if (!isBack) scrollToMoment(); // else the scroll position was restored
});
window.addEventListener("hashchange", followFragment);
prepare();
scrollToMoment();
