"""Addresses of the demonstration. In production they do not exist."""

from hpf.faces.demo import views
from hpf.faces.web.door import Who, door
from hpf.kernel import Actor

PLAYING = Who("演示环境的使用者", "public", stranger=Actor.SYSTEM)

urlpatterns = [
    door("codes/", views.codes, "codes", PLAYING),
    door("day/", views.day, "day", PLAYING, ("POST",)),
]
