"""Sends the server to another of its own paths, as the query says."""

from urllib.parse import parse_qs


def application(environ, start_response):
    query = parse_qs(environ["QUERY_STRING"])
    headers = [("Content-Type", "text/x-application"), ("X-Application", "first"), ("Set-Cookie", "a=1")]
    status = query.get("status", ["200"])[0] + " As Asked"
    loops = int(query.get("loop", ["0"])[0])
    if "to" in query:
        headers.append(("Location", query["to"][0]))
    elif loops > 0:
        headers.append(("Location", "/redirects?loop=%d" % (loops - 1)))
    else:
        start_response("200 OK", headers)
        return [b"over"]
    start_response(status, headers)
    return [b"not seen" * (100000 if "large" in query else 1)]
