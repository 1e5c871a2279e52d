/* Announces to screen readers what the listener just did, through the live region of the page or of the
   dialog that is open: what is outside of it isn't read. */

const PAUSE = 100; // milliseconds of silence, so that the same words are announced twice
let timer = 0;

export function announce(words) {
  const status = document.querySelector("dialog[open] [role=status]") ?? document.getElementById("status");
  status.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(() => { status.textContent = words; }, PAUSE);
}
