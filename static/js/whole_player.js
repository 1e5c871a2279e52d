/* The player's bar, keys, queue and the rest, loaded at once when something plays or was left: after a new
   release the old one's modules may be gone. */

import "./player.js";
import "./media_session.js";
import "./clip.js";
import "./follow_along.js";

export { playQueue } from "./queue.js";
