/* Announces to screen readers what the listener just did, through the page's live region. */

const PAUSE = 100; // milliseconds of silence, so that the same words are announced twice
let timer = 0;

export function announce(words) {
  const status = document.getElementById("status");
  status.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(() => { status.textContent = words; }, PAUSE);
}
