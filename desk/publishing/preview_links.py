"""An episode's preview links: made for some days, listed, and ended early."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from desk.models import PreviewLink
from desk.publishing.page import kept_episode, publishing_page
from episodes.addresses import absolute_url

DAYS = ((3, "3 days"), (7, "a week"), (14, "two weeks"), (30, "a month"))
may_change = permission_required("episodes.change_episode", raise_exception=True)


class LinkForm(forms.ModelForm):
    days = forms.TypedChoiceField(
        label="It works for", coerce=int, choices=DAYS, initial=14, help_text="Or until you end it."
    )

    class Meta:
        model = PreviewLink
        fields = ("recipient",)


@may_change
def preview_links(request: HttpRequest, pk: int) -> HttpResponse:
    """All of an episode's links, and a form for another."""
    episode = kept_episode(pk)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.episode = episode
        form.instance.created_by = request.user
        form.instance.expires_at = timezone.now() + timedelta(days=form.cleaned_data["days"])
        form.save()
        messages.success(request, "The link is made. Copy it from the list.")
        return redirect("desk_preview_links", pk)
    rows = PreviewLink.objects.filter(episode=episode).select_related("created_by")
    links = [(row, absolute_url(row.get_absolute_url())) for row in rows]
    return publishing_page(
        request, "preview_links", episode, "Preview links", form=form, links=links
    )


@may_change
@require_POST
def end_preview_link(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """From now on the link leads to a page that says so."""
    row = get_object_or_404(PreviewLink, pk=link, episode=pk)
    if not row.has_expired:
        row.expires_at = timezone.now()
        row.save(update_fields=["expires_at"])
    messages.success(request, "The link has ended.")
    return redirect("desk_preview_links", pk)
