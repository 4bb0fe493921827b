"""moto's server without its memory: as it comes it keeps every object that it ever held and every copy that it made of one
(each listing of versions copies the bucket), for a dashboard. Words: those of `python -m moto.server`."""

import sys

from moto.core.common_models import BaseModel


def make(model, *_, **__):
    return object.__new__(model)


BaseModel.__new__ = make  # its own also puts the object into a list that only a reset empties

from moto.server import main  # noqa: E402  the models are made with what stands above

sys.exit(main())
