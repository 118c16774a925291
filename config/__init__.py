"""The roof: settings, urls, wsgi. It knows every floor and is known by none."""
