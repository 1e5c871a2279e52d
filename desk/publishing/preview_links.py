"""Creating, listing and revoking an episode's preview links."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from desk.models import PreviewLink
from desk.publishing.page import fetch_episode_or_404, render_tab
from desk.shortcuts import may_change_episodes, user_of
from desk.workspace.returning import return_address
from episodes.addresses import absolute_url

DAYS = ((3, "3 days"), (7, "1 week"), (14, "2 weeks"), (30, "1 month"))
UNAPPLIED = "The link doesn’t show the text yet: apply it first."


class PreviewLinkForm(forms.ModelForm):
    days = forms.TypedChoiceField(
        label="Valid for",
        coerce=int,
        choices=DAYS,
        initial=14,
        help_text="You can revoke it earlier.",
    )

    class Meta:
        model = PreviewLink
        fields = ("recipient",)


@may_change_episodes
def preview_links(request: HttpRequest, pk: int) -> HttpResponse:
    """All links of an episode, and a form for another."""
    episode = fetch_episode_or_404(pk)
    form = PreviewLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.episode = episode
        form.instance.created_by = user_of(request)
        form.instance.expires_at = timezone.now() + timedelta(days=form.cleaned_data["days"])
        form.save()
        messages.success(request, "Link created. Copy it from the list.")
        if episode.draft_text:
            messages.warning(request, UNAPPLIED)
        return redirect("desk_preview_links", pk)
    rows = PreviewLink.objects.filter(episode=episode).select_related("created_by")
    return render_tab(
        request,
        "publishing/preview_links.html",
        "preview_links",
        episode,
        "Preview links",
        form=form,
        links=[(row, absolute_url(row.get_absolute_url())) for row in rows],
    )


@may_change_episodes
@require_POST
def revoke_preview_link(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """From now on the link shows a page that says it has expired."""
    row = get_object_or_404(PreviewLink, pk=link, episode=pk)
    if not row.has_expired:
        row.expires_at = timezone.now()
        row.save(update_fields=["expires_at"])
    messages.success(request, "Link revoked.")
    return redirect(return_address(request, reverse("desk_preview_links", args=[pk])))
