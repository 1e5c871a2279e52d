/* Saves the text while it is typed and shows the server's analysis of it (desk/writing/). Without
   this module the page's buttons do the same. */

import { box, replaceLine, select } from "./writing/box.js";
import { clear, keyOf, offer, store, stored } from "./unsaved.js";
import "./writing/rich_paste.js"; // before this module's own listener of submit
import { makeSelectable } from "./writing/timestamps.js";
import { refuse } from "./writing/refusal.js";
import { renewToken } from "./writing/token.js";

const PAUSE = 500; // milliseconds after the last key
const RETRY = 10_000;
const form = document.getElementById("writing");
const panel = document.getElementById("panel");
const status = document.getElementById("saved");
let timer = 0;
let duration = 0; // of the last request: long texts are sent less often
let sending = null;
let isDirty = false; // changed since the request in flight
let isSaved = true; // by the server

const hasConflict = () => Boolean(panel.querySelector(".conflict"));
const hidden = (name) => panel.querySelector(`input[name="${name}"]`);
const draftKey = () => keyOf(form.getAttribute("action"), "text");
const pause = () => Math.max(PAUSE, 2 * duration);

function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

const storeText = (base) => store(draftKey(), { text: box.value, base });

function onChange() {
  isDirty = true;
  isSaved = false;
  const isStored = storeText(hidden("seen").value);
  if (hasConflict()) say("Not saved on the server until you choose; saved in this browser.");
  else if (!isStored) say("Too long to save in this browser; the server will save it.");
  clearTimeout(timer);
  timer = setTimeout(send, pause());
}

async function send() {
  clearTimeout(timer);
  if (hasConflict() || !box.value.trim()) return;
  await sending;
  isDirty = false;
  sending = post();
  await sending;
  sending = null;
  if (isDirty) timer = setTimeout(send, pause());
}

async function post() {
  const start = performance.now();
  renewToken(form);
  try {
    const response = await fetch(form.getAttribute("action"), { method: "POST", body: new FormData(form), headers: { "X-Part": "panel" } });
    await refuse(response);
    if (!response.ok && response.status !== 409) throw new Error(`The server could not save the text (${response.status}).`);
    show(new DOMParser().parseFromString(await response.text(), "text/html").body);
  } catch (error) {
    const reason = error instanceof TypeError ? "The server can’t be reached." : error.message;
    say(`${reason} The text is saved in this browser.`);
    isDirty = true;
    duration = RETRY / 2;
    return;
  }
  duration = performance.now() - start;
}

/* Show the server's answer. If the text changed meanwhile, take over only what was saved: another
   request follows. */
function show(answer) {
  const address = answer.querySelector("#address")?.value;
  const isConflict = Boolean(answer.querySelector(".conflict"));
  if (!isConflict) {
    isSaved = !isDirty;
    if (isSaved) clear(draftKey());
  }
  if (address && address !== form.getAttribute("action")) {
    clear(draftKey());
    form.setAttribute("action", address);
    history.replaceState(history.state, "", address);
    if (isDirty) storeText(answer.querySelector("[name=seen]").value);
  }
  if (isDirty && !isConflict) {
    hidden("seen").value = answer.querySelector("[name=seen]").value;
    return;
  }
  swap(answer);
  say(isConflict ? "Someone else changed this while you were editing." : `Saved. ${panel.querySelector("#summary")?.textContent ?? ""}`);
}

function swap(answer) {
  const focused = panel.contains(document.activeElement) ? document.activeElement : null;
  const { id, name, value } = focused ?? {};
  const scrolled = document.getElementById("topic-lines")?.scrollTop ?? 0;
  panel.replaceChildren(...answer.childNodes);
  makeSelectable();
  const list = document.getElementById("topic-lines");
  if (list) list.scrollTop = scrolled;
  if (!focused) return;
  const again = id ? document.getElementById(id) : panel.querySelector(`[name="${name}"][value="${value}"]`);
  (again ?? box).focus({ preventScroll: true });
}

function onClick(event) {
  const link = event.target.closest("[data-line]:is(a)");
  const repair = event.target.closest("button[data-repairs]");
  if (link) {
    event.preventDefault();
    select(Number(link.dataset.line));
  }
  if (!repair || isDirty) return; // line numbers may be stale: the server checks that
  event.preventDefault();
  const number = Number(repair.dataset.repairs);
  replaceLine(number, repair.value.slice(`${number} `.length));
  select(number, { focus: false });
  send();
}

/* Edit and revision of the restored text's base let the server detect later saves. The digest is
   today's: whoever restores has seen the text in the box and chosen to replace it. */
function onRestore({ value: { text, base } }) {
  box.focus();
  box.value = text;
  const [edit, revision] = base.split(".");
  const [, , digest] = hidden("seen").value.split(".");
  if (revision && digest) hidden("seen").value = [edit, revision, digest].join(".");
  onChange();
}

/* Save first, then submit. `shown` stays: the changes of the last words weren't shown yet. */
async function onSubmit(event) {
  renewToken(form);
  if (event.submitter?.value === "discard") clear(draftKey());
  else if (!hasConflict() && (sending || !isSaved)) await saveFirst(event);
}

async function saveFirst(event) {
  event.preventDefault();
  const { value } = hidden("shown");
  const pressed = { name: event.submitter?.name, value: event.submitter?.value };
  await send();
  isSaved = true; // or the server says on submit why it isn't
  hidden("shown").value = value;
  const again = [...form.elements].find((each) => each.name === pressed.name && each.value === pressed.value);
  form.requestSubmit(again);
}

box.addEventListener("input", onChange);
panel.addEventListener("change", onChange);
panel.addEventListener("click", onClick);
form.addEventListener("submit", onSubmit);
window.addEventListener("online", send);
document.addEventListener("visibilitychange", () => { if (document.hidden && !isSaved) send(); });

// Reloaded, the page of a new draft would be sent again, as another draft.
if (location.pathname !== form.getAttribute("action")) history.replaceState(history.state, "", form.getAttribute("action"));
const merged = document.getElementById("merged");
if (merged) stored(form.getAttribute("action")).forEach(({ key }) => clear(key)); // the box has it
const drafts = stored(form.getAttribute("action")).filter(({ value }) => value && value.text !== box.value);
offer(drafts, onRestore, () => box);
makeSelectable();
const line = Number(form.dataset.line);
if (line) select(line);
