"""The subscriber of W3C WebSub: a hub sends what is new, and polling becomes the exception."""
