"""What every answer tells the browser: run nothing but ours, keep nothing, tell nobody."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
ONLY_BY_TLS = "max-age=31536000; includeSubDomains"
"""For a year a browser asks for us, and for what lies below our name, by nothing but TLS."""
NEITHER_KEPT_NOR_PACKED = "no-store, no-transform"
"""For pages: a proxy that packed one would let its length tell a key from what somebody typed."""


def of_every_answer(*, tls: bool) -> dict[str, str]:
    """Return the headers of every answer but for how long it may be kept."""
    return {**HEADERS, "Strict-Transport-Security": ONLY_BY_TLS} if tls else HEADERS


def set_up(app: Flask, *, tls: bool) -> None:
    """Set the headers of every answer; only our own files, named by version, are kept."""
    headers = of_every_answer(tls=tls)

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(headers)
        if request.endpoint != "static" or response.status_code >= 400:
            response.headers["Cache-Control"] = NEITHER_KEPT_NOR_PACKED
        return response
