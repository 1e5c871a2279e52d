/* The form's CSRF token. Signing in again in another tab changes it. */

function cookie(name) {
  const found = document.cookie.split("; ").find((each) => each.replace("__Host-", "").startsWith(`${name}=`));
  return found?.slice(found.indexOf("=") + 1);
}

export function renewToken(form) {
  const token = cookie("csrftoken");
  if (token) form.elements.csrfmiddlewaretoken.value = token;
}
