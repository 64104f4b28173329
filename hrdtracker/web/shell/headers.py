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


NEITHER_KEPT_NOR_PACKED = "no-store, no-transform"
"""For pages: a proxy that packed one would let its length tell a key from what somebody typed."""


def set_up(app: Flask, *, tls: bool) -> None:
    """Set the headers of every answer; only our own files, named by version, are kept."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        if request.endpoint != "static" or response.status_code >= 400:
            response.headers["Cache-Control"] = NEITHER_KEPT_NOR_PACKED
        if tls:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
