/* A guest's own page: their photo is shown and made smaller before it is sent, a comment gets the
   player's time, and sending neither stops playback nor loses anything. */

import { announce } from "../announce.js";
import { episode, position } from "../audio.js";
import { clock } from "../times.js";

const LONGEST = 2000; // pixels a side, as desk/submissions/photos.py stores it
const SMALL = 1_000_000; // bytes, which any connection takes
const QUALITY = 0.9;
const OFFLINE = "It could not be sent. Nothing is lost: try again when you are online.";
const REFUSED = "It could not be sent. Nothing is lost: try again later, or copy what you wrote and reload this page.";
const REASONS = {
  410: "It could not be sent: this page has ended. Copy what you wrote, and ask for a new link.",
  413: "It could not be sent: the photo is too large. Choose a smaller one.",
};
let smaller = null; // the photo being made smaller, which sending waits for

/* The picture on white: a JPEG has no transparency. */
function drawn(picture) {
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/* A file that this browser can't draw is sent as it is: the site says what is wrong. */
async function onPhoto(input) {
  const [file] = input.files;
  const picture = file && await createImageBitmap(file).catch(() => null);
  if (!picture || input.files[0] !== file) return;
  const canvas = drawn(picture);
  document.querySelector("[data-photo]").replaceChildren(canvas, "Not sent yet");
  if (file.size <= SMALL) return;
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
  if (!blob || input.files[0] !== file) return;
  const chosen = new DataTransfer();
  chosen.items.add(new File([blob], "photo.jpg", { type: blob.type }));
  input.files = chosen.files;
}

function onFocus({ form, name }) {
  const at = form.elements.at;
  if (name !== "comment" || !at || at.value || episode?.page !== form.dataset.guestForm) return;
  if (position() >= 1) at.value = clock(Math.floor(position()));
}

function show(html) {
  const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  for (const element of main.querySelectorAll("noscript")) element.remove();
  document.querySelector("main").replaceWith(main);
  document.dispatchEvent(new CustomEvent("page:shown"));
  const told = main.querySelector("[data-told]");
  told?.scrollIntoView({ block: "center" });
  if (told) announce(told.textContent);
}

/* Beside the button, as browsers within other apps show no dialogs. */
function fail(button, words) {
  const line = document.createElement("p");
  line.className = "notice";
  line.dataset.failed = "";
  line.setAttribute("role", "alert");
  line.textContent = words;
  (button.closest("p, ul") ?? button).after(line);
  line.scrollIntoView({ block: "center" });
}

async function send(form, button) {
  button.disabled = true;
  document.querySelector("[data-failed]")?.remove();
  document.querySelector("[data-told]")?.remove(); // of what was sent before
  try {
    await smaller;
    const body = new FormData(form);
    if (button.name) body.append(button.name, button.value);
    const response = await fetch(form.action, { method: "POST", body });
    if (response.ok || response.status === 429) show(await response.text());
    else fail(button, REASONS[response.status] ?? REFUSED);
  } catch {
    fail(button, OFFLINE);
  } finally {
    button.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-guest-form]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
document.addEventListener("change", ({ target }) => { if (target.matches("[data-guest-form] [type=file]")) smaller = onPhoto(target); });
document.addEventListener("focusin", ({ target }) => { if (target.matches("[data-guest-form] textarea")) onFocus(target); });
