/* Shares the moment that plays: as a link, as Markdown, by the system's share sheet. */

import { bar } from "./player_bar.js";
import { announce } from "./announce.js";
import { chapterAt, episode, position } from "./audio.js";
import { clock } from "./times.js";

const SHOWN = 2000; // milliseconds

function address() {
  return `${new URL(episode.page, document.baseURI).href}?t=${Math.floor(position())}`;
}

function title() {
  return `${clock(position())} ${chapterAt()?.title ?? episode.title}`;
}

/* `[25:26 Recap of AWS services](https://…)` */
function markdown() {
  return `[${title().replace(/[[\]\\]/g, "\\$&")}](${address()})`;
}

/* Show a tick on the button. */
function tick(name) {
  const button = bar.querySelector(`[data-does="${name}"]`);
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), SHOWN);
}

async function copy(text, what, name) {
  const field = bar.querySelector("[data-shared]");
  try {
    await navigator.clipboard.writeText(text);
    field.hidden = true;
    tick(name);
    announce(`${what} copied`);
  } catch {
    // Blocked, or not a secure origin: to be copied by hand.
    bar.querySelector(".more").open = true;
    field.hidden = false;
    field.value = text;
    field.select();
  }
}

async function share() {
  try {
    await navigator.share({ title: title(), url: address() });
  } catch (error) {
    if (error.name !== "AbortError") await copy(address(), "Link", "link"); // else they cancelled
  }
}

export const shareActions = {
  link: () => copy(address(), "Link", "link"),
  markdown: () => copy(markdown(), "Markdown", "markdown"),
  share,
};

bar.querySelector("[data-does=share]").hidden = !navigator.share;
