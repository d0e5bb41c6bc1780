"""`python -m hub` and the command `hub`."""

from hub.ops.cli import main

if __name__ == "__main__":
    main()
