/* A guest's own page: their photo is shown and made smaller before it is sent, a comment gets the
   player's time, and sending neither stops playback nor loses anything. */

import { announce } from "./announce.js";
import { episode, position } from "./audio.js";
import { clock } from "./times.js";

const LONGEST = 2000; // pixels a side, as desk/submissions/photos.py stores it
const SMALL = 1_000_000; // bytes, which any connection takes
const QUALITY = 0.9;
const FAILED = "It could not be sent. Nothing is lost: try again when you are online.";

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
  canvas.toBlob((blob) => {
    if (!blob || input.files[0] !== file) return;
    const chosen = new DataTransfer();
    chosen.items.add(new File([blob], "photo.jpg", { type: blob.type }));
    input.files = chosen.files;
  }, "image/jpeg", QUALITY);
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

async function send(form, button) {
  button.disabled = true;
  try {
    const body = new FormData(form);
    if (button.name) body.append(button.name, button.value);
    const response = await fetch(form.action, { method: "POST", body });
    if (!response.ok && response.status !== 429) throw new Error(`${response.status}`);
    show(await response.text());
  } catch {
    alert(FAILED);
  } finally {
    button.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-guest-form]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
document.addEventListener("change", ({ target }) => { if (target.matches("[data-guest-form] [type=file]")) onPhoto(target); });
document.addEventListener("focusin", ({ target }) => { if (target.matches("[data-guest-form] textarea")) onFocus(target); });
