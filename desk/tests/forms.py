"""What a browser submits: every field of a page with its value."""

from html.parser import HTMLParser
from typing import Any

UNSENT = ("submit", "button", "file", "image", "reset")


class FormReader(HTMLParser):
    """Collects the named fields of all forms."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.select: str | None = None
        self.textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.textarea = name
            self.values[name] = ""
        elif tag == "option" and self.select and "selected" in given:
            self.values[self.select] = given.get("value") or ""
        elif tag == "input" and name and given.get("type") not in UNSENT:
            self.read_input(name, given)

    def read_input(self, name: str, given: dict[str, str | None]) -> None:
        if given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                self.values[name] = given.get("value") or "on"
        else:
            self.values[name] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            if self.textarea:
                # Browsers drop the line break that follows the opening tag.
                self.values[self.textarea] = self.values[self.textarea].removeprefix("\n")
            self.textarea = None

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.values[self.textarea] = self.values[self.textarea] + data


def form_data(response: Any) -> dict[str, str]:
    """The fields of an admin page, to be changed and posted."""
    assert response.status_code in (200, 409)
    reader = FormReader()
    reader.feed(response.content.decode())
    return {
        name: value
        for name, value in reader.values.items()
        if name and "__prefix__" not in name and name != "_selected_action"
    }


def errors(response: Any) -> str:
    """All messages of a refused form."""
    assert response.status_code == 200, "the form was accepted"
    context = response.context_data
    found = [str(context["adminform"].form.errors)]
    for inline in context["inline_admin_formsets"]:
        found += [str(inline.formset.errors), str(inline.formset.non_form_errors())]
    return " ".join(found)
