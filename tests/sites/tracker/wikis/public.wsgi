"""The wiki for everybody."""

from tracker.wiki import make_wiki

application = make_wiki("public")
