/* Tells who can't see it what they have just done: once, politely, and only that. */

const PAUSE = 100; // milliseconds: the same words twice are news only after silence
let timer = 0;

export function say(words) {
  const status = document.getElementById("status");
  status.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(() => { status.textContent = words; }, PAUSE);
}
