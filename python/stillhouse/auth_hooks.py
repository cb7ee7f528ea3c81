"""What the scripts of access and authentication are asked, and what their answers mean (reference section 10).

WSGIAccessScript, WSGIAuthUserScript and WSGIAuthGroupScript; script_hooks.py loads and runs them. An answer goes back as
headers: a verdict, and names. src/server/auth-scripts.ts reads them. An answer that is none raises TypeError, which is
logged, and counts as `failure`.
"""

from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Tuple

from .exchange import HeaderList

Environ = Dict[str, Any]
Facts = Mapping[str, object]


class AuthHook(NamedTuple):
    """One kind of script."""

    function: str  # also the fact that names the script
    kind: str  # in messages
    provides: str  # what a script without the function does not provide, in mod_wsgi's words
    ask: Callable[[Callable[..., object], Environ, Facts], HeaderList]
    failure: HeaderList


def _allow_access(function: Callable[..., object], environ: Environ, facts: Facts) -> HeaderList:
    allowed = function(environ, facts["host"])
    if allowed is None:
        return [("verdict", "declined")]
    if not isinstance(allowed, bool):
        raise TypeError(
            f"Indicator of host accessibility must be a boolean or None, value of type {type(allowed).__name__} found"
        )
    return [("verdict", "granted" if allowed else "denied")]


def _check_password(function: Callable[..., object], environ: Environ, facts: Facts) -> HeaderList:
    result = function(environ, facts["user"], facts["password"])
    if result is None:
        return [("verdict", "unknown")]
    if result is True or result is False:
        return [("verdict", "granted" if result else "denied")]
    if not isinstance(result, str):
        raise TypeError(
            "Basic auth provider must return True, False, None or user name as string, "
            f"value of type {type(result).__name__} found"
        )
    if not result or "\0" in result or "\n" in result or "\r" in result:
        raise ValueError("Basic auth provider must return a user name that is not empty and of one line")
    # Apache keeps names as bytes, and mod_wsgi gives it those of UTF-8.
    return [("verdict", "granted"), ("name", result.encode("utf-8").decode("latin-1"))]


def _groups_for_user(function: Callable[..., object], environ: Environ, facts: Facts) -> HeaderList:
    groups = function(environ, facts["user"])
    names: List[Tuple[str, str]] = [("verdict", "granted")]
    try:
        iterator = iter(groups)  # type: ignore[call-overload]
    except TypeError:
        raise TypeError(
            "Groups for user must be an iterable sequence of byte strings, "
            f"value of type {type(groups).__name__} found"
        ) from None
    for group in iterator:
        if isinstance(group, str):
            try:
                name = group.encode("latin-1").decode("latin-1")
            except UnicodeEncodeError:
                raise TypeError(
                    "Groups for user must be an iterable sequence of byte strings, "
                    "value containing non 'latin-1' characters found"
                ) from None
        elif isinstance(group, bytes):
            name = group.decode("latin-1")
        else:
            raise TypeError(
                "Groups for user must be an iterable sequence of byte strings, "
                f"value of type {type(group).__name__} found in it"
            )
        # To Apache names are C strings; one with a line feed can't be written into a Require line.
        name = name.partition("\0")[0]
        if "\n" not in name:
            names.append(("name", name))
    return names


AUTH_HOOKS: Tuple[AuthHook, ...] = (
    AuthHook("allow_access", "host access", "host validator", _allow_access, [("verdict", "denied")]),
    AuthHook(
        "check_password", "user authentication", "'Basic' auth provider", _check_password, [("verdict", "failed")]
    ),
    AuthHook("groups_for_user", "group authentication", "group provider", _groups_for_user, [("verdict", "failed")]),
)
