"""Loaded first by the process that commands are forked from: what it loads is compiled once for all."""

import os
import sys

if "PYTHONPYCACHEPREFIX" in os.environ:  # set by the tests, where nothing is to be written beside the code
    sys.dont_write_bytecode = False
