/* The embedded player: chapters play in place, the current one is marked, and the title links to the
   episode at the current time. */

const SEEK_TOLERANCE = 0.3; // seconds by which a seek may miss a chapter's start
const audio = document.querySelector("audio");
const page = document.querySelector("[data-page]");
const chapters = Array.from(document.querySelectorAll("[data-seconds]"), (link) => (
  { link, start: Number(link.dataset.seconds) }
));
let pending = null; // seconds to start at, once the audio can seek

function play(seconds) {
  if (audio.readyState < HTMLMediaElement.HAVE_METADATA) pending = seconds;
  if (audio.error) audio.load();
  audio.currentTime = seconds;
  audio.play().catch(() => {}); // blocked or unreachable: the element shows it
}

/* Browsers handle a seek before metadata differently. */
function begin() {
  if (pending !== null && Math.abs(audio.currentTime - pending) > SEEK_TOLERANCE) audio.currentTime = pending;
  pending = null;
}

function follow() {
  const seconds = pending ?? audio.currentTime;
  if (!seconds && audio.paused) return;
  page.href = `${page.dataset.page}?t=${Math.floor(seconds)}`;
  const current = chapters.findLast(({ start }) => start <= seconds + SEEK_TOLERANCE);
  for (const { link } of chapters) {
    if (link === current?.link) link.parentElement.setAttribute("aria-current", "true");
    else link.parentElement.removeAttribute("aria-current");
  }
}

for (const { link, start } of chapters) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab
    event.preventDefault();
    play(start);
  });
}
audio.addEventListener("loadedmetadata", begin);
audio.addEventListener("timeupdate", follow);
audio.addEventListener("error", () => { document.querySelector(".failed").hidden = false; });
audio.addEventListener("playing", () => { document.querySelector(".failed").hidden = true; });
