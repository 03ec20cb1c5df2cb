"""The page, the JSON API, the event stream and the metrics: what people and programs see of a running nightwire."""

from streams.web.app import ListenRefused, Server, create_app, serve
from streams.web.board import Board

__all__ = ["Board", "ListenRefused", "Server", "create_app", "serve"]
