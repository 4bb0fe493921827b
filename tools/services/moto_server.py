"""moto's server, which forgets. For a dashboard, the original keeps every object that it ever held, and every copy that it
made of one (each listing of versions copies the bucket). Arguments: those of `python -m moto.server`."""

import sys

from moto.core.common_models import BaseModel


def make(model, *_, **__):
    return object.__new__(model)


BaseModel.__new__ = make  # the original also puts the object into a list that only a reset empties

from moto.server import main  # noqa: E402  after the line above, so that moto's models use it

sys.exit(main())
