/* While one types, the server keeps the text and says what it understood; see desk/writing/. Without
   this module the page's buttons do the same. */

import { box, line, replaceLine, select } from "./writing/box.js";
import { equip } from "./writing/ear.js";
import { forget, keepHere, offerKept } from "./writing/rescue.js";

const PAUSE = 500; // milliseconds after the last key
const RETRY = 10_000;
const form = document.getElementById("writing");
const panel = document.getElementById("panel");
const status = document.getElementById("kept");
let timer = 0;
let took = 0; // what the last answer took: long texts are sent less often
let sending = null;
let newer = false; // something was typed since what is on its way
let isKept = true; // by the server

const hasConflict = () => Boolean(panel.querySelector(".conflict"));
const hidden = (name) => panel.querySelector(`input[name="${name}"]`);

function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

function cookie(name) {
  return document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
}

/* Signing in anew, in another tab, changes the token that the page was made with. */
function renewToken() {
  const token = cookie("csrftoken");
  if (token) form.elements.csrfmiddlewaretoken.value = token;
}

function changed() {
  newer = true;
  isKept = false;
  const isHere = keepHere(hidden("seen").value);
  if (hasConflict()) say("Not kept by the server until you say so; this browser keeps it.");
  else if (!isHere) say("Too long for this browser to keep; the server will.");
  clearTimeout(timer);
  timer = setTimeout(send, Math.max(PAUSE, 2 * took));
}

async function send() {
  clearTimeout(timer);
  if (hasConflict() || !box.value.trim()) return;
  await sending;
  newer = false;
  sending = post();
  await sending;
  sending = null;
  if (newer) timer = setTimeout(send, Math.max(PAUSE, 2 * took));
}

async function post() {
  const begun = performance.now();
  renewToken();
  try {
    const response = await fetch(form.getAttribute("action"), { method: "POST", body: new FormData(form), headers: { "X-Part": "panel" } });
    if (response.redirected || response.status === 403) throw new Error("You are signed out: sign in again in another tab.");
    if (!response.ok && response.status !== 409) throw new Error(`The server could not keep it (${response.status}).`);
    show(new DOMParser().parseFromString(await response.text(), "text/html").body);
  } catch (error) {
    const reason = error instanceof TypeError ? "The server can’t be reached." : error.message;
    say(`${reason} This browser keeps the text.`);
    newer = true;
    took = RETRY / 2;
    return;
  }
  took = performance.now() - begun;
}

/* What the server answered. What was typed meanwhile is asked about anew, so only the answer's
   account of what is kept is taken over then. */
function show(answer) {
  const address = answer.querySelector("#address")?.value;
  const isConflict = Boolean(answer.querySelector(".conflict"));
  if (!isConflict) {
    isKept = !newer;
    if (isKept) forget();
  }
  if (address && address !== form.getAttribute("action")) {
    forget();
    form.setAttribute("action", address);
    history.replaceState(history.state, "", address);
    if (newer) keepHere(answer.querySelector("[name=seen]").value);
  }
  if (newer && !isConflict) {
    hidden("seen").value = answer.querySelector("[name=seen]").value;
    return;
  }
  swap(answer);
  say(isConflict ? "Somebody else changed this meanwhile." : `Kept. ${panel.querySelector("#told")?.textContent ?? ""}`);
}

function swap(answer) {
  const focused = panel.contains(document.activeElement) ? document.activeElement : null;
  const { id, name, value } = focused ?? {};
  const scrolled = document.getElementById("topic-lines")?.scrollTop ?? 0;
  panel.replaceChildren(...answer.childNodes);
  equip();
  const list = document.getElementById("topic-lines");
  if (list) list.scrollTop = scrolled;
  if (!focused) return;
  const again = id ? document.getElementById(id) : panel.querySelector(`[name="${name}"][value="${value}"]`);
  (again ?? box).focus({ preventScroll: true });
}

function onClick(event) {
  const place = event.target.closest("[data-line]:is(a)");
  const mend = event.target.closest("button[data-repairs]");
  if (place) {
    event.preventDefault();
    select(Number(place.dataset.line));
  }
  if (!mend || newer) return; // a repair of other lines is the server's, which checks
  event.preventDefault();
  const number = Number(mend.dataset.repairs);
  replaceLine(number, mend.value.slice(`${number} `.length));
  select(number, { focus: false });
  send();
}

/* It may have been made from an earlier edit, and then the server says what has changed since. What
   the server kept meanwhile stood in the box, and was left knowingly. */
function putBack(seen) {
  const [edit, revision] = (seen ?? "").split(".");
  const [, , kept] = hidden("seen").value.split(".");
  if (revision && kept) hidden("seen").value = [edit, revision, kept].join(".");
  changed();
}

/* First what was typed is kept. What it changes hasn't been shown yet, so `shown` stays as it was. */
async function onSubmit(event) {
  renewToken();
  if (event.submitter?.value === "discard") forget();
  else if (!hasConflict() && (sending || !isKept)) await keepFirst(event);
}

async function keepFirst(event) {
  event.preventDefault();
  const { value } = hidden("shown");
  const pressed = event.submitter;
  const answer = { name: pressed?.name, value: pressed?.value };
  await send();
  isKept = true; // or can't be: the server says so then
  hidden("shown").value = value;
  const again = [...panel.querySelectorAll("button")].find((each) => each.name === answer.name && each.value === answer.value);
  form.requestSubmit(again);
}

box.addEventListener("input", changed);
panel.addEventListener("change", changed);
panel.addEventListener("click", onClick);
form.addEventListener("submit", onSubmit);
window.addEventListener("online", send);
document.addEventListener("visibilitychange", () => { if (document.hidden && !isKept) send(); });

offerKept(putBack);
equip();
const asked = Number(form.dataset.line);
if (asked) select(asked);
