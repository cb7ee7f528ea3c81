"""The wiki of the team."""

from tracker.wiki import make_wiki

application = make_wiki("team")
