/* The embedded player: chapters play in place, the current one is marked, and the title links to the
   episode at the current time. */

const SEEK_TOLERANCE = 0.3; // seconds by which a seek may miss a chapter's start
const CLIP_TOLERANCE = 1; // seconds: playback alone moves less
const audio = document.querySelector("audio");
const page = document.querySelector("[data-page]");
const chapters = Array.from(document.querySelectorAll("[data-seconds]"), (link) => (
  { link, start: Number(link.dataset.seconds) }
));
const clipStatus = document.querySelector("[data-clip-status]");
let clipEnd = Number(audio.dataset.end) || null; // seconds, until it was heard or left
let timer = 0;
let pending = null; // seconds to start at, once the audio can seek

function play(seconds) {
  clipEnd = null; // a chapter isn't the clip
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

/* Stop at the clip's end, unless the listener moved beyond it. */
function watchClip() {
  clearTimeout(timer);
  if (clipEnd === null) return;
  const left = clipEnd - audio.currentTime;
  if (left > 0) {
    if (!audio.paused && !audio.seeking) timer = setTimeout(watchClip, (1000 * left) / audio.playbackRate);
    return;
  }
  clipEnd = null;
  if (left < -CLIP_TOLERANCE) return;
  audio.pause();
  clipStatus.textContent = "The clip has ended. Play continues from here.";
}

if (clipEnd) {
  audio.src = audio.src.replace(/,\d+$/, ""); // the browser's own stop would also stop what is beyond
  for (const event of ["timeupdate", "seeked", "playing", "ratechange"]) audio.addEventListener(event, watchClip);
  audio.addEventListener("play", () => { clipStatus.textContent = ""; });
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
