"""What a library can do only once at a time, whichever room asks."""

from __future__ import annotations

import threading

#: libxml2 makes its types with the first schema, unguarded: two threads that
#: compile one at once break each other, or never end.
COMPILING = threading.Lock()
