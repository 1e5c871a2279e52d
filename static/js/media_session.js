/* Media Session (https://www.w3.org/TR/mediasession/): lock screen, headset buttons, media keys. */

import { bar } from "./player_bar.js";
import { actions } from "./player.js";
import { audio, chapterAt, episode, isPlaying, length, play, position, seek } from "./audio.js";

const session = navigator.mediaSession;
let shown = "";

/* The chapter is the title, the episode the album. */
function updateMetadata() {
  const title = chapterAt()?.title ?? episode?.title ?? "";
  const { artist } = bar.dataset;
  const artwork = episode?.artwork || bar.dataset.artwork;
  const what = `${episode?.page} ${title} ${artwork}`;
  if (what === shown) return;
  shown = what;
  session.metadata = episode && new MediaMetadata({
    title, artist, album: episode.title, artwork: [{ src: new URL(artwork, document.baseURI).href }],
  });
}

function updateState() {
  session.playbackState = !episode ? "none" : isPlaying() ? "playing" : "paused";
  if (!length() || position() > length()) session.setPositionState();
  else session.setPositionState({ duration: length(), playbackRate: audio.playbackRate, position: position() });
}

const handlers = {
  play,
  pause: () => audio.pause(),
  stop: () => audio.pause(),
  seekbackward: actions.back,
  seekforward: actions.forward,
  seekto: ({ seekTime }) => seek(seekTime),
  previoustrack: actions.previous,
  nexttrack: actions.next,
};

if (session) {
  for (const [name, act] of Object.entries(handlers)) {
    try {
      session.setActionHandler(name, act);
    } catch {
      // An action that this browser doesn't support.
    }
  }
  for (const event of ["episode", "chapters", "play", "timeupdate"]) audio.addEventListener(event, updateMetadata);
  for (const event of ["play", "pause", "seeked", "ratechange", "durationchange", "error", "episode"]) {
    audio.addEventListener(event, updateState);
  }
  updateMetadata(); // it may play already
  updateState();
}
