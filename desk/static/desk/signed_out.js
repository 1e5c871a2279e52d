/* Whoever signs out leaves nothing that they typed in this browser. */

import { clearOf } from './unsaved.js'

clearOf(document.getElementById('signed-out').dataset.user)
