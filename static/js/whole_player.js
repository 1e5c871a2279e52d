/* The player's bar, keys, queue and the rest, loaded at once when something plays or was left: after a new
   release the old one's modules may be gone. */

import "./player.js";
import "./media_session.js";
import "./clip.js";
import "./unreachable.js";
import "./bar_star.js";
import "./follow_along.js";
import { itemsIn } from "./queue_source.js";
import { playQueue } from "./queue.js";

export { enqueue } from "./queue_edits.js";

/* Play the list in these parts of the page, whose first item was just started. */
export function playList(parts, { playsAll: address, noun = "moment", total, first }) {
  playQueue({ ...itemsIn(parts), address, noun, total: Number(total) || 0, first: Number(first) || 1 });
}
