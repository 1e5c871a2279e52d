/* Shares the words that are selected in a transcript's page, as a clip from their first cue to their last. */

import { episodeOf } from "./play_items.js";
import { mainButton } from "./topic_lines.js";

const SETTLED = 250; // milliseconds without another change
const GAP = 8; // pixels
let timer = 0;

/* The selected words; null if they aren't a transcript's. */
function selected() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const within = range.commonAncestorContainer;
  return (within.closest ? within : within.parentElement).closest("main .transcript section, .transcript") ? range : null;
}

/* The paragraph at an end of the selection, and how many characters of its words are before it. */
function placeOf(node, offset) {
  const paragraph = (node.closest ? node : node.parentElement).closest(".transcript .topics > li")?.querySelector("p");
  if (!paragraph) return null;
  const before = new Range();
  before.selectNodeContents(paragraph);
  if (before.comparePoint(node, offset) < 0) before.collapse(true);
  else if (before.comparePoint(node, offset) === 0) before.setEnd(node, offset);
  const speaker = paragraph.querySelector("b")?.textContent.length ?? -1;
  const time = paragraph.parentElement.querySelector("[data-seconds]");
  return { time, seconds: Number(time.dataset.seconds), count: Math.max(0, before.toString().length - speaker - 1) };
}

/* The cue that has this character of the paragraph. An end is before the character. */
function cueAt(cues, { seconds, count }, isEnd) {
  let rest = isEnd ? Math.max(0, count - 1) : count;
  let index = cues.findIndex(({ startTime }) => Math.floor(startTime) === seconds);
  while (index >= 0 && cues[index + 1] && rest > cues[index].body.length) {
    rest -= cues[index].body.length + 1;
    index += 1;
  }
  return cues[index];
}

async function share(range) {
  const episode = episodeOf(mainButton());
  const [from, to] = [placeOf(range.startContainer, range.startOffset), placeOf(range.endContainer, range.endOffset)];
  const [{ openClipDialog }, response] = await Promise.all([import("./clip_dialog.js"), fetch(`${episode.page}/transcript.json`)]);
  const { segments: cues } = await response.json();
  const first = from ? cueAt(cues, from, false) : undefined;
  const last = to ? cueAt(cues, to, true) : undefined;
  const dialog = openClipDialog(episode, first && Math.floor(first.startTime), last && Math.ceil(last.endTime));
  // The button is gone by then.
  dialog.addEventListener("close", () => from?.time.focus(), { once: true });
}

/* Below the selected words, where a thumb is; a system's own menu is above them. */
function moveTo(button, range) {
  const { bottom } = range.getBoundingClientRect();
  const bar = document.getElementById("player").getBoundingClientRect();
  const lowest = (bar.height ? bar.top : innerHeight) - button.offsetHeight - GAP;
  button.style.top = `${Math.max(GAP, Math.min(bottom + GAP, lowest))}px`;
}

function draw() {
  const transcript = document.querySelector("main .transcript");
  const button = document.querySelector("main .share-words");
  const isSelected = transcript && mainButton() && selected();
  if (!isSelected) {
    button?.remove();
  } else if (!button) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "share-words", textContent: "Share these words" });
    made.addEventListener("pointerdown", (event) => event.preventDefault()); // it would end the selection
    made.addEventListener("click", () => { const range = selected(); if (range) share(range); });
    transcript.append(made);
    moveTo(made, isSelected);
  }
}

document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(draw, SETTLED);
});
draw();
