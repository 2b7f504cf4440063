"""Settings of a Superset that lives as long as the harness: its own small database, a key made at the start."""

import os

SECRET_KEY = os.environ["HARNESS_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = "sqlite:///" + os.environ["HARNESS_FOLDER"] + "/superset.db"
BABEL_DEFAULT_LOCALE = "en"
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False
