"""The application that the web server serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_hall = get_wsgi_application()

import config.urls  # noqa: E402, F401 - every page, before the first is asked for
from hpf.faces.web.turns import Turns  # noqa: E402 - the hall's settings come first

application = Turns(_hall)

gc.collect()
gc.freeze()  # what is here now stays for good: the collector need not look through it again and again
