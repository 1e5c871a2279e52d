/* The player in a frame of somebody else's page: chapters play in place, the one that plays is
   marked, and the title leads to the episode where it was left. */

const EARLY = 0.3; // seconds: where a seek to a chapter may end up before its beginning
const audio = document.querySelector("audio");
const page = document.querySelector("[data-page]");
const chapters = Array.from(document.querySelectorAll("[data-seconds]"), (link) => (
  { link, start: Number(link.dataset.seconds) }
));
let wanted = null; // seconds to begin at, until the audio can be sought in

function play(seconds) {
  if (audio.readyState < HTMLMediaElement.HAVE_METADATA) wanted = seconds;
  if (audio.error) audio.load();
  audio.currentTime = seconds;
  audio.play().catch(() => {}); // refused or out of reach: the element says so
}

/* Browsers differ in what they make of a seek before they know the audio. */
function begin() {
  if (wanted !== null && Math.abs(audio.currentTime - wanted) > EARLY) audio.currentTime = wanted;
  wanted = null;
}

function follow() {
  const seconds = wanted ?? audio.currentTime;
  if (!seconds && audio.paused) return;
  page.href = `${page.dataset.page}?t=${Math.floor(seconds)}`;
  const current = chapters.findLast(({ start }) => start <= seconds + EARLY);
  for (const { link } of chapters) {
    if (link === current?.link) link.parentElement.setAttribute("aria-current", "true");
    else link.parentElement.removeAttribute("aria-current");
  }
}

for (const { link, start } of chapters) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in a tab of its own
    event.preventDefault();
    play(start);
  });
}
audio.addEventListener("loadedmetadata", begin);
audio.addEventListener("timeupdate", follow);
audio.addEventListener("error", () => { document.querySelector(".failed").hidden = false; });
audio.addEventListener("playing", () => { document.querySelector(".failed").hidden = true; });
