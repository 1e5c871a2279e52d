/* A star at each moment of the page, and in the player: it puts the moment into My moments. */

import { changeMoment, isSame, starredMoments } from "./starred_moments.js";
import { itemOf, lineItem } from "./play_items.js";
import { clock } from "./times.js";

const MOST_WORDS = 160; // characters of a transcript's passage
export const PUBLIC = /^\/podcast\//; // a preview's address is a secret
const template = document.getElementById("star");

function shorten(text) {
  const words = text.replace(/\s+/g, " ").trim();
  return words.length > MOST_WORDS ? `${words.slice(0, MOST_WORDS - 1).trimEnd()}…` : words;
}

/* What a row says, without “said”. */
function wordsOf(row) {
  const words = row.querySelector(":scope > [dir], a [dir]")?.cloneNode(true);
  words?.querySelector("small")?.remove();
  return shorten(words?.textContent ?? "");
}

/* The moment of a row, or of the button that plays a clip; null for what has no audio or time. */
function momentOf(element) {
  const clip = element.querySelector(":scope > [data-play][data-end]");
  const line = element.querySelector("a[data-seconds]");
  const control = clip ?? element.querySelector("[data-play][data-at]");
  const item = !clip && line ? lineItem(line) : control && itemOf(control);
  if (!item || (!clip && element.matches(".listen")) || !PUBLIC.test(item.episode.page)) return null;
  const { at, until } = item;
  if (!clip) return { ...item.episode, at, until, words: wordsOf(element) };
  const { label = clip.querySelector("span").textContent } = clip.dataset;
  return { ...item.episode, at, end: until, words: label.split(": ").slice(1).join(": ") };
}

function timeOf({ at, end }) {
  return end ? `${clock(at)} to ${clock(end)}` : clock(at);
}

function addStar(element, moment) {
  const button = template.content.firstElementChild.cloneNode(true);
  button.setAttribute("aria-label", `Star ${timeOf(moment)} ${moment.words}`.trim());
  const clip = element.querySelector(":scope > [data-end]");
  if (clip) clip.after(button);
  else element.append(button);
  return button;
}

function draw() {
  const all = starredMoments();
  const noted = [];
  for (const element of document.querySelectorAll("main :is(.topics:not(.my-moments) > li, .listen)")) {
    const moment = momentOf(element);
    if (!moment) continue;
    const button = element.querySelector(":scope > .star") ?? addStar(element, moment);
    const found = all.find((each) => isSame(each, moment));
    button.setAttribute("aria-pressed", Boolean(found));
    if (found?.note) noted.push([button, found]);
    // The episode has another address today.
    if (found && found.page !== moment.page) changeMoment(found, { page: moment.page });
  }
  if (noted.length || document.querySelector("main p.star-note")) import("./press_star.js").then(({ drawNotes }) => drawNotes(noted), () => {});
}

function onClick({ target }) {
  const button = target.closest(".star");
  if (!button) return;
  const moment = button.closest("#player") ? null : momentOf(button.parentElement);
  import("./press_star.js").then(({ pressStar }) => pressStar(button, moment), () => alert("This can't be loaded. Reload the page."));
}

document.addEventListener("click", onClick);
// So that the note is the next stop at once.
document.addEventListener("focusin", ({ target }) => { if (target.matches(".star")) import("./press_star.js").catch(() => {}); });
for (const event of ["page:shown", "stars"]) document.addEventListener(event, draw);
addEventListener("storage", draw); // another tab's
draw();
