/* The dialog that shares a clip: start and end by hand, by topic, or by the transcript's words. */

import { audio, chapters as loadedChapters, episode as playing, isTouched, length, position, start as play } from "./audio.js";
import { mainButton } from "./topic_lines.js";
import { episodeOf } from "./play_items.js";
import { playsClip } from "./clip.js";
import { clock, spoken } from "./times.js";

const LENGTHS = [20, 40, 60]; // seconds
const USUAL = 40;
const HEIGHT = 380; // pixels of the embedded player, as in pages/sharing.py
const TIME = /^(?:(?:(\d{1,3})(?:h|:(?=\d+:)))?(\d{1,4})(?:m|:))?(\d{1,6})s?$/;

const dialog = Object.assign(document.createElement("dialog"), { id: "clip-dialog", className: "clip-dialog" });
dialog.setAttribute("aria-labelledby", "clip-title");
dialog.innerHTML = `
  <h2 id="clip-title">Share a clip</h2>
  <p dir="auto" data-episode></p>
  <div class="clip-times">
    <p><label for="clip-start">Start</label> <input id="clip-start" autocomplete="off" aria-describedby="clip-status">
      <button type="button" class="secondary" data-now="start">Now</button></p>
    <p><label for="clip-end">End</label> <input id="clip-end" autocomplete="off" aria-describedby="clip-status">
      <button type="button" class="secondary" data-now="end">Now</button></p>
  </div>
  <div class="clip-lengths" role="group" aria-label="Length">
    ${LENGTHS.map((each) => `<button type="button" class="secondary" data-length="${each}" aria-label="${each} seconds">${each} s</button>`).join("")}
  </div>
  <p data-topics hidden><label for="clip-topic">A topic</label> <select id="clip-topic"></select></p>
  <details data-words hidden>
    <summary>Words of the transcript</summary>
    <label for="clip-words">Select the first to the last</label> <select id="clip-words" multiple size="8"></select>
  </details>
  <p id="clip-status" role="status"></p>
  <p class="copy"><label for="clip-link">Link</label> <input id="clip-link" readonly></p>
  <div class="clip-actions">
    <button type="button" data-copy="clip-link">Copy link</button>
    <button type="button" class="secondary" data-share>Share</button>
    <button type="button" class="secondary" data-play-clip>Play the clip</button>
    <button type="button" class="secondary" data-close>Close</button>
  </div>
  <details>
    <summary>Embed it</summary>
    <p class="copy"><label for="clip-code">HTML for your site</label> <textarea id="clip-code" rows="4" readonly></textarea>
      <button type="button" class="secondary" data-copy="clip-code">Copy HTML</button></p>
  </details>`;
document.body.append(dialog);

const find = (selector) => dialog.querySelector(selector);
const [startField, endField, topics, words] = ["#clip-start", "#clip-end", "#clip-topic", "#clip-words"].map(find);
let episode = null;

/* Seconds of `25:26`, `1:02:03`, `25m26s` or `1526`; null for anything else. */
function secondsIn(field) {
  const match = TIME.exec(field.value.trim());
  if (!match) return null;
  const [hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  if ((match[2] && seconds > 59) || (match[1] && minutes > 59)) return null;
  return hours * 3600 + minutes * 60 + seconds;
}

function isHere() {
  return playing?.audio === episode.audio;
}

function total() {
  return (isHere() ? length() : episode.length) || Infinity;
}

/* What is wrong with the times, and the fields that it is about; null if nothing is. */
function mistake() {
  const [start, end] = [secondsIn(startField), secondsIn(endField)];
  const length = Math.floor(total());
  if (start === null) return ["The start is no time.", startField];
  if (end === null) return ["The end is no time.", endField];
  if (start >= length) return [`The episode ends at ${clock(length)}.`, startField];
  if (end > length) return [`The episode ends at ${clock(length)}.`, endField];
  if (start >= end) return ["The end isn't after the start.", startField, endField];
  return null;
}

function span() {
  return mistake() ? null : [secondsIn(startField), secondsIn(endField)];
}

function address(ending = "") {
  return `${new URL(episode.page, document.baseURI).href}${ending}?t=${span().join(",")}`;
}

function escape(text) {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function say(text) {
  find("#clip-status").textContent = text;
}

function draw() {
  const given = span();
  const [wrong, ...fields] = mistake() ?? [];
  for (const field of [startField, endField]) field.setAttribute("aria-invalid", fields.includes(field));
  for (const each of dialog.querySelectorAll("[data-copy], [data-share], [data-play-clip]")) each.disabled = !given;
  find("#clip-link").value = given ? address() : "";
  find("#clip-code").value = given ? `<iframe src="${escape(address("/embed"))}" title="${escape(episode.title)}" width="100%" height="${HEIGHT}" frameborder="0" loading="lazy"></iframe>` : "";
  say(given ? spoken(given[1] - given[0]) : `${wrong} Type times such as 25:26.`);
  for (const each of dialog.querySelectorAll("[data-length]")) {
    each.setAttribute("aria-pressed", Boolean(given) && given[1] - given[0] === Number(each.dataset.length));
  }
}

function set(start, end) {
  startField.value = clock(start);
  endField.value = clock(Math.min(end, total()));
  draw();
}

function setLength(seconds) {
  const start = Math.max(0, Math.min(secondsIn(startField) ?? 0, Math.floor(total()) - seconds));
  set(start, start + seconds);
}

/* What plays now becomes the start, or the end. */
function setNow(which) {
  const now = Math.floor(position());
  const [start, end] = [secondsIn(startField), secondsIn(endField)];
  if (which === "start") set(now, end > now ? end : now + USUAL);
  else set(start !== null && start < now ? start : Math.max(0, now - USUAL), now);
}

function option(text, start, end) {
  const each = new Option(text);
  Object.assign(each.dataset, { start, end });
  return each;
}

async function json(path) {
  try {
    return await (await fetch(`${episode.page}${path}`)).json();
  } catch {
    return {}; // the other ways remain
  }
}

async function loadTopics() {
  const of = episode;
  const known = isHere() && loadedChapters.length ? loadedChapters
    : ((await json("/chapters.json")).chapters ?? []).map(({ startTime, title }) => ({ start: startTime, title }));
  if (of !== episode) return;
  const end = (index) => known[index + 1]?.start ?? (Number.isFinite(total()) ? total() : known[index].start + USUAL);
  const options = known.map(({ start, title }, index) => option(`${clock(start)} ${title}`, start, end(index)));
  topics.replaceChildren(new Option("Choose one"), ...options);
  find("[data-topics]").hidden = !known.length;
}

async function loadWords() {
  const of = episode;
  const cues = (await json("/transcript.json")).segments ?? [];
  if (of !== episode) return;
  words.replaceChildren(...cues.map(({ startTime, endTime, body }) => option(`${clock(startTime)} ${body}`, startTime, endTime)));
  const [from, to] = span() ?? [0, 0];
  for (const each of words.options) each.selected = Math.floor(each.dataset.start) >= from && Math.ceil(each.dataset.end) <= to;
  const current = words.selectedOptions[0] ?? Array.from(words.options).findLast(({ dataset }) => dataset.start <= from);
  if (current) words.scrollTop = current.offsetTop - words.options[0].offsetTop;
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
    say("Copied.");
  } catch {
    field.select();
    say("Your browser blocked copying. It is selected: copy it by hand.");
  }
}

function share() {
  navigator.share({ title: `${span().map(clock).join("–")} ${episode.title}`, url: address() }).catch((error) => {
    if (error.name !== "AbortError") copy(find("[data-copy=clip-link]")); // else they cancelled
  });
}

function playClip() {
  const [start, end] = span();
  play(episode, start);
  playsClip(start, end);
}

function onClick({ target }) {
  const button = target.closest("button");
  if (!button) return;
  const { now, length: seconds, copy: copied } = button.dataset;
  if (now) setNow(now);
  else if (seconds) setLength(Number(seconds));
  else if (copied) copy(button);
  else if ("share" in button.dataset) share();
  else if ("playClip" in button.dataset) playClip();
  else if ("close" in button.dataset) dialog.close();
}

function onChange() {
  const [first, last] = [words.selectedOptions[0], words.selectedOptions[words.selectedOptions.length - 1]];
  if (first) set(Math.floor(first.dataset.start), Math.ceil(last.dataset.end));
}

function onTopic() {
  const { start, end } = topics.selectedOptions[0].dataset;
  if (start) set(Number(start), Math.floor(end));
}

/* Open it for an episode (see audio.js), from and to these seconds if they are known. Returns it. */
export function openClipDialog(of, from = null, to = null) {
  episode = of;
  find("[data-episode]").textContent = of.title;
  find("[data-words]").hidden = !of.captions;
  find("[data-words]").open = false;
  find("[data-share]").hidden = !navigator.share;
  for (const each of dialog.querySelectorAll("[data-now]")) each.hidden = !isHere();
  words.replaceChildren();
  find("[data-topics]").hidden = true;
  const start = Math.floor(from ?? (isHere() ? position() : 0));
  set(start, to ?? start + USUAL);
  if (!span()) setLength(USUAL); // close to the end
  loadTopics();
  dialog.showModal();
  return dialog;
}

/* For what plays, or else for the page's episode and the moment or clip in its address. */
export function openFor(button) {
  const main = button.closest("#player") ? null : mainButton();
  const { at, end } = main?.dataset ?? {};
  const isHeard = main?.dataset.audio === playing?.audio && (!at || (isTouched && !(position() >= at && position() <= end)));
  if (!main || isHeard) openClipDialog(playing);
  else openClipDialog(episodeOf(main), at && Number(at), end && Number(end));
}

dialog.addEventListener("click", onClick);
for (const field of [startField, endField]) field.addEventListener("input", draw);
topics.addEventListener("change", onTopic);
words.addEventListener("change", onChange);
find("[data-words]").addEventListener("toggle", () => { if (find("[data-words]").open && !words.options.length) loadWords(); });
audio.addEventListener("episode", () => { if (dialog.open) for (const each of dialog.querySelectorAll("[data-now]")) each.hidden = !isHere(); });
