"""An episode's checklist."""

from django.http import HttpRequest, HttpResponse

from desk.publishing.checklist.assemble import Checklist, build_checklist
from desk.publishing.checklist.places import anchor, can_mend, go_there
from desk.publishing.guest_comments import comments_on
from desk.publishing.page import fetch_episode_or_404, render_tab
from desk.publishing.publish import schedule_form, why_not
from desk.shortcuts import may_view_episodes
from desk.workspace.bar import Save
from episodes.addresses import absolute_url
from episodes.rights import may_edit, may_publish
from show.models import Show


@may_view_episodes
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """What to fix before publication, how the episode will appear, and the buttons to publish."""
    episode, show = fetch_episode_or_404(pk), Show.objects.current()
    found, comments = build_checklist(episode, show), comments_on(episode)
    is_publishable = may_publish(request.user) and not why_not(episode)
    return render_tab(
        request,
        "publishing/checklist.html",
        "checklist",
        episode,
        "Checklist",
        save=_publish_button(found) if is_publishable else None,
        checklist=found,
        groups=[
            (
                group,
                [
                    (
                        item,
                        anchor(item),
                        go_there(item, episode) if can_mend(item, episode, request.user) else "",
                    )
                    for item in group.items
                ],
            )
            for group in found.groups
        ],
        may_publish=is_publishable,
        asks_a_host=not may_publish(request.user) and may_edit(request.user, episode),
        form=schedule_form(request, episode),
        comments=[each for each in comments if not each.comment.done_at],
        comments_done=[each for each in comments if each.comment.done_at],
        may_edit_comments=may_edit(request.user, episode),
        show=show,
        address=absolute_url(episode.get_absolute_url()),
    )


def _publish_button(found: Checklist) -> Save:
    label = "Publish now anyway" if found.counts["error"] else "Publish now"
    return Save("publish-now", label, name="do", value="now")
