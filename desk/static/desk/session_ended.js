// Tells on the sign-in page that what was typed in the form that led here is stored, and leads back
// to the pane of that form, which the address's fragment names.

import { hasStored } from './unsaved.js'

const path = new URLSearchParams(location.search).get('next')?.split(/[?#]/)[0]
document.getElementById('session-ended').hidden = !path || !hasStored(path)
document.getElementById('login-form').action += location.hash
