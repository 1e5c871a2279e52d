/* What plays from within a page: its buttons, and the times of the episode it is about. Without this
   module times are links that say the same. */

import { playAnswers } from "./answers.js";
import { positionIn } from "./positions.js";
import { say } from "./say.js";
import { audio, chapterAt, episode, start } from "./sound.js";
import { clock } from "./times.js";

const OLD_FRAGMENT = /^#(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)$/;

/* Seconds of `#25:26` or `#1:02:03`, as the show's old links have them. */
function secondsOf(fragment) {
  const match = OLD_FRAGMENT.exec(fragment);
  if (!match) return null;
  const [hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + seconds;
}

/* What a button knows of the episode it plays; see sound.js. */
function episodeOf(button) {
  const { audio: address, play: page, title, number, length: seconds } = button.dataset;
  return { audio: address, page, title, number, length: Number(seconds) || 0 };
}

/* The button of the episode that the page is about, if it is about one that can be heard. */
function main() {
  return document.querySelector("main .listen [data-play]");
}

function isPageOf(of) {
  return of?.page === location.pathname;
}

function mark(seconds) {
  for (const each of document.querySelectorAll(":is(.topics, .shape) [aria-current]")) each.removeAttribute("aria-current");
  document.querySelector(".shape .now")?.remove();
  document.getElementById(`t-${seconds}`)?.setAttribute("aria-current", "true");
  document.querySelector(`.shape [data-seconds="${seconds}"]`)?.setAttribute("aria-current", "true");
}

/* The topic that plays, in the page of its episode. */
function follow() {
  if (!isPageOf(episode)) return;
  const chapter = chapterAt();
  const current = document.querySelector(".topics [aria-current]");
  if (chapter && current?.id !== `t-${chapter.start}`) mark(chapter.start);
}

function playButton(button) {
  const of = episodeOf(button);
  const at = "at" in button.dataset ? Number(button.dataset.at) : positionIn(of);
  start(of, at);
  say(`Playing ${at ? `from ${clock(at)}` : of.title}`);
}

function playAll() {
  const answers = Array.from(document.querySelectorAll("main .moment [data-play]"), (button) => (
    { episode: episodeOf(button), at: Number(button.dataset.at) }));
  playAnswers(answers);
  say(`Playing ${answers.length} answers`);
}

function playTime(link) {
  const seconds = Number(link.dataset.seconds);
  history.replaceState(history.state, "", `?t=${seconds}`);
  mark(seconds);
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

/* The button says where it begins, as for `?t=`. */
function offer(seconds) {
  const topics = [...document.querySelectorAll(".topics a[data-seconds]")];
  const link = topics.findLast((each) => each.dataset.seconds <= seconds);
  const words = link && `: ${link.nextElementSibling.textContent.trim()}`;
  main().dataset.at = seconds;
  main().querySelector(".unseen")?.remove();
  main().querySelector("span").textContent = `Play from ${clock(seconds)}${words ?? ""}`;
  if (link) mark(link.dataset.seconds);
}

/* The browser goes to the topic's line; the button that plays it stands at the top. */
function showTop() {
  scrollTo({ top: 0, behavior: "instant" });
}

function followFragment() {
  const seconds = secondsOf(location.hash);
  if (seconds === null || !main()) return;
  offer(seconds);
  showTop();
  if (document.readyState !== "complete") addEventListener("load", () => setTimeout(showTop), { once: true });
}

function prepare() {
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
  followFragment();
  follow();
}

document.addEventListener("click", onClick);
document.addEventListener("page:shown", prepare);
window.addEventListener("hashchange", followFragment);
for (const event of ["timeupdate", "chapters", "episode"]) audio.addEventListener(event, follow);
prepare();
