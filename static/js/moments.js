/* What plays from within a page: its buttons, and the times of the episode it is about. Without this
   module times are links that say the same. */

import { playAnswers } from "./answers.js";
import { positionIn } from "./positions.js";
import { lineAt, main, mark } from "./reading.js";
import { say } from "./say.js";
import { start } from "./sound.js";
import { clock } from "./times.js";

const OLD_FRAGMENT = /^#(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)$/;
const FRAGMENT = /^#t[-=]?(\d{1,6})$/;

/* Seconds of `#25:26` or `#1:02:03`, as the show's old links have them, and of `#t-1526`. */
function secondsOf(fragment) {
  const seconds = FRAGMENT.exec(fragment)?.[1];
  if (seconds) return Number(seconds);
  const match = OLD_FRAGMENT.exec(fragment);
  if (!match) return null;
  const [hours, minutes, rest] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + rest;
}

/* What a button knows of the episode it plays; see sound.js. */
function episodeOf(button) {
  const { audio, play: page, title, number, length, captions, artwork } = button.dataset;
  return { audio, page, title, number, length: Number(length) || 0, captions, artwork };
}

function playButton(button) {
  const of = episodeOf(button);
  const at = "at" in button.dataset ? Number(button.dataset.at) : positionIn(of);
  start(of, at);
  say(`Playing ${at ? `from ${clock(at)}` : of.title}`);
}

function playAll() {
  const answers = Array.from(document.querySelectorAll("main .moment [data-play]"), (button) => (
    { episode: episodeOf(button), at: Number(button.dataset.at), until: Number(button.dataset.until) || Infinity }));
  playAnswers(answers);
  say(`Playing ${answers.length} answers`);
}

function playTime(link) {
  const seconds = Number(link.dataset.seconds);
  history.replaceState(history.state, "", `?t=${seconds}`);
  mark(lineAt(seconds));
  start(episodeOf(main()), seconds);
  say(`Playing from ${clock(seconds)}`);
}

function onClick(event) {
  const button = event.target.closest("[data-play]");
  if (button) playButton(button);
  if (event.target.closest("[data-plays-all]")) playAll();
  const link = event.target.closest("a[data-seconds]");
  if (!link || !main() || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  playTime(link);
}

/* The button says where it begins, and the one beside it goes on, as for `?t=`. */
function offer(seconds, line) {
  const words = line && !isTranscript() ? `: ${line.item.querySelector("[dir]").textContent.trim()}` : "";
  const [button, other] = document.querySelectorAll("main .listen [data-play]");
  button.dataset.at = seconds;
  other.dataset.resumes = "";
  delete button.dataset.resumes;
  delete other.dataset.at;
  button.querySelector(".visually-hidden")?.remove();
  button.querySelector("span").textContent = `Play from ${clock(seconds)}${words}`;
  mark(line);
}

function isTranscript() {
  return document.querySelector("main .transcript") !== null;
}

/* The browser goes to the topic's line; the button that plays it stands at the top. */
function showTop() {
  scrollTo({ top: 0, behavior: "instant" });
}

function offerFragment() {
  const seconds = secondsOf(location.hash);
  if (seconds !== null && main()) offer(seconds, lineAt(seconds));
}

/* To what the address asks for: in a transcript the passage, else the button that plays it. */
function arrive() {
  if (isTranscript()) {
    document.querySelector(".topics [aria-current]")?.scrollIntoView({ behavior: "instant" });
  } else if (secondsOf(location.hash) !== null && main()) {
    showTop();
    if (document.readyState !== "complete") addEventListener("load", () => setTimeout(showTop), { once: true });
  }
}

function followFragment() {
  prepare();
  arrive();
}

function prepare() {
  offerFragment();
  const all = document.querySelector("[data-plays-all]");
  if (all) all.hidden = !document.querySelector("main .moment [data-play]");
  for (const button of document.querySelectorAll("[data-play][data-resumes]")) {
    const at = positionIn(episodeOf(button));
    if (at) button.querySelector("span").textContent = `Continue at ${clock(at)}`;
    if ("ifBegun" in button.dataset) button.hidden = !at;
  }
  for (const button of document.querySelectorAll("[data-play][data-at='0'][data-if-begun]")) {
    button.hidden = !positionIn(episodeOf(button));
  }
}

document.addEventListener("click", onClick);
document.addEventListener("page:shown", ({ detail: isBack }) => {
  prepare();
  if (!isBack) arrive(); // else the reader is where they were
});
window.addEventListener("hashchange", followFragment);
prepare();
arrive();
