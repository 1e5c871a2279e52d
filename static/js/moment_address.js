/* Offers the moment that the address names, also in the fragments of old links and in frozen copies. */

import { lineAt, mainButton, mark } from "./topic_lines.js";
import { clock } from "./times.js";

const OLD_FRAGMENT = /^#(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)$/;
const FRAGMENT = /^#t[-=]?(\d{1,6}(?:\.\d*)?(?:,\d{1,6}(?:\.\d*)?)?)$/;
const SPAN = /^(\d{1,6})(?:\.\d*)?(?:,(\d{1,6})(?:\.\d*)?)?$/;

/* Seconds of `#25:26` or `#1:02:03` in old links, and of `#t-1526`. */
function secondsOf(fragment) {
  const span = FRAGMENT.exec(fragment)?.[1];
  if (span) return parseInt(span, 10);
  const match = OLD_FRAGMENT.exec(fragment);
  if (!match) return null;
  const [hours, minutes, rest] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + rest;
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
  button.dataset.label = `Play ${end ? `${clock(seconds)} to ${clock(end)}` : `from ${clock(seconds)}`}${words}`;
  other.dataset.resumes = "";
  delete button.dataset.resumes;
  delete other.dataset.at;
  button.querySelector(".visually-hidden")?.remove();
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
  const seconds = secondsOf(location.hash) ?? (isMoment ? null : at);
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

/* `isBack`: the scroll position was restored. */
export function offerMoment(isBack) {
  offerFragment();
  document.dispatchEvent(new Event("controls:added"));
  if (!isBack) scrollToMoment();
}
